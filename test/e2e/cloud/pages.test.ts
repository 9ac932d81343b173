import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, shotsDir, shown, visitor } from '../../support/browser.ts';
import { type Agent, agentOf } from '../../support/cloud/client.ts';
import { type Cloud, cloudNeeds, startCloud } from '../../support/cloud/start.ts';
import { needs } from '../../support/emulators/requires.ts';
import { call, rowsOf } from '../../support/gateway.ts';

const costly = `SELECT a.country, b.id, COUNT(*) AS n, '\u202Eevorppa' AS note
FROM shop.customers AS a, shop.customers AS b, shop.orders AS c
WHERE a.country LIKE 'D%' AND c.amount > 3
GROUP BY a.country, b.id ORDER BY n DESC, b.id LIMIT 3`;

const { skip } = cloudNeeds('patience');
describe('the pages, on Google Cloud', skip ? { skip } : needs('chromium'), () => {
  let cloud: Cloud;
  let browser: Browser;
  let robot: Agent;
  before(async () => {
    [cloud, browser] = await Promise.all([startCloud(), openBrowser()]);
    robot = agentOf(cloud.apiUrl, cloud.project, await cloud.token('robot', ['analysts']));
  });
  after(async () => {
    await browser?.close();
    await cloud?.stop();
  });

  async function hold(jobId: string): Promise<{ readonly id: string; readonly link: string }> {
    const answer = await robot.insert(jobId, costly);
    assert.equal(answer.status, 200, answer.text);
    const ada = await cloud.personToken('ada', ['approvers']);
    const { body } = await call(cloud.approvalsUrl, ada, 'GET', '/approvals/v1/holds');
    const hold = (body.holds as readonly { id: string; link: string }[]).at(-1);
    assert.ok(hold, JSON.stringify(body));
    return hold;
  }

  const fits = async (page: Page): Promise<void> => {
    const [wide = 0, window = 0] = (await page.evaluate(
      '[document.documentElement.scrollWidth, innerWidth]',
    )) as number[];
    assert.ok(wide <= window, `the page is ${wide} wide in ${window}`);
  };
  const shoot = (page: Page, name: string): Promise<unknown> =>
    page.screenshot({ path: join(shotsDir, `cloud-${name}.png`), fullPage: true });

  test('on a phone: the link, the sign-in, everything about the query, approved, and the rows arrive', async () => {
    const { link } = await hold('p-approve');
    cloud.provider.signsIn({ subject: 'ada', groups: ['approvers'] });
    const { page, complaints, context } = await visitor(browser, { width: 360 });
    await page.goto(link);
    const text = await shown(page, 'main');
    for (const fact of ['robot asks', `${cloud.project}.shop.customers`, `${cloud.project}.shop.orders`])
      assert.ok(text.includes(fact), `the page says ${fact}:\n${text}`);
    await fits(page);
    await shoot(page, 'phone');
    await page.fill('#reason', 'needed for the report');
    await page.click('button.approve');
    await page.waitForSelector('.result.ok');
    await shoot(page, 'phone-approved');
    const answer = await robot.results('p-approve', 20_000);
    assert.equal(rowsOf(answer.body).length, 3, answer.text);
    await page.reload();
    await fits(page);
    await shoot(page, 'phone-run');
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('on a desk: the list, a query, rejected, and the agent reads the reason', async () => {
    const { id } = await hold('p-reject');
    cloud.provider.signsIn({ subject: 'ada', groups: ['approvers'] });
    const { page, complaints, context } = await visitor(browser);
    await page.goto(`${cloud.approvalsUrl}/approvals`);
    const card = await shown(page, '.card');
    assert.match(card, /robot[\s\S]*SELECT[\s\S]*shop\.customers[\s\S]*without a join condition/);
    await shoot(page, 'list');
    await page.click(`.card[href$="${id}"]`);
    await shoot(page, 'desk');
    await page.fill('#reason', 'too much data');
    await page.click('button.reject');
    await page.waitForSelector('.result.bad');
    await shoot(page, 'desk-rejected');
    const job = await robot.job('p-reject');
    assert.match(JSON.stringify(job.body.status), /Rejected by ada: too much data/);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('a person who signed in with the wrong account sees which, and signs out', async () => {
    const { link } = await hold('p-stranger');
    cloud.provider.signsIn({ subject: 'eve', groups: ['analysts'] });
    const { page, context } = await visitor(browser, { width: 360 });
    await page.goto(link);
    await shoot(page, 'stranger');
    await fits(page);
    assert.equal(await page.locator('button.approve').count(), 0);
    assert.match(await shown(page, 'header'), /eve/);
    await page.click('header button');
    assert.match(await shown(page, 'main'), /Signed out/);
    await context.close();
  });
});
