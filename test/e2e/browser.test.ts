import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { browserPath, openBrowser, shotsDir, shown, signIn, visitor } from '../support/browser.ts';
import { unless } from '../support/find.ts';
import { type GatewayProcess, getJob, results, rowsOf, startGateway } from '../support/gateway.ts';

const skip = unless(browserPath, 'Chromium');
const hostileWords =
  'Report for <b>finance</b> <img src=x onerror=alert(1)> \u202Eevorppa\u202C ze\u200Bro p\u0430ypal';
const costly = `SELECT *, '<script>alert(1)</script>' AS a, 'ze\u200Bro' AS b FROM web.events WHERE page != '\u202Ex' ORDER BY event_id LIMIT 2`;

let gateway: GatewayProcess;
let browser: Browser;
let robot: string;
let ada: string;

before(async () => {
  if (skip) return;
  gateway = await startGateway();
  browser = await openBrowser();
  robot = gateway.token('robot', 'analysts', '--acting-for', 'maria');
  ada = gateway.token('cli-ada', 'approvers');
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});

type Held = { readonly id: string; readonly link: string; readonly digest: string };

/** A costly job of the agent's; gives what an approver can know of it. */
async function hold(jobId: string, sql = costly, purpose = hostileWords, token = robot): Promise<Held> {
  const answer = await fetch(`${gateway.url}/bigquery/v2/projects/local/jobs`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-sluice-purpose': Buffer.from(purpose, 'utf8').toString('latin1'),
    },
    body: JSON.stringify({
      jobReference: { projectId: 'local', jobId },
      configuration: { query: { query: sql, useLegacySql: false } },
    }),
  });
  assert.equal(answer.status, 200, await answer.text());
  const holds = await waiting();
  const newest = holds.at(-1);
  assert.ok(newest, 'it waits');
  return newest;
}

async function waiting(): Promise<readonly Held[]> {
  const answer = await fetch(`${gateway.url}/approvals/v1/holds`, {
    headers: { authorization: `Bearer ${ada}` },
  });
  return ((await answer.json()) as { holds: readonly Held[] }).holds;
}

const stateOf = async (jobId: string): Promise<string> =>
  ((await getJob(gateway.url, robot, jobId)).body.status as { state: string }).state;

test('a person opens the link on a phone, signs in, reads everything, approves, and the rows arrive', {
  skip,
}, async () => {
  const { link } = await hold('b-approve');
  const { page, complaints, context } = await visitor(browser, { width: 360 });
  await page.goto(link);
  assert.match(page.url(), /\/oidc\/authorize/, 'signing in comes first');
  await signIn(page, 'ada', 'wrong');
  assert.match(await shown(page, '[role=alert]'), /not the password/);
  complaints.length === 0 || (complaints as string[]).splice(0); // a browser logs the 403 of the wrong password
  await signIn(page, 'ada', gateway.password);

  const text = await shown(page, 'main');
  for (const fact of [
    'robot asks',
    'for maria',
    '425 MB',
    'more than 100 MB',
    'local.web.events',
    'not checked',
  ]) {
    assert.ok(text.includes(fact), `the page says ${fact}:\n${text}`);
  }
  for (const mark of [
    'U+202E right-to-left override',
    'U+200B zero-width space',
    'letters of two alphabets',
  ]) {
    assert.ok(text.includes(mark), `the page marks ${mark}`);
  }
  assert.ok(text.includes('<img src=x onerror=alert(1)>'), "the agent's markup is text");
  const sql = await shown(page, 'pre');
  assert.ok(sql.includes("'<script>alert(1)</script>'") && sql.includes('`local`.`web`.`events`'), sql);
  assert.ok(
    !/[\u202a-\u202e\u2066-\u2069\u200b]/.test(await page.content()),
    'nothing invisible is on the page',
  );
  assert.equal(await page.locator('script, main img, iframe').count(), 0);
  const [wide, window] = (await page.evaluate(
    '[document.documentElement.scrollWidth, innerWidth]',
  )) as number[];
  assert.ok((wide ?? 0) <= (window ?? 0), `the page is ${wide} wide in ${window}`);
  await page.screenshot({ path: join(shotsDir, 'phone.png'), fullPage: true });

  await page.fill('#reason', 'agreed with Maria');
  await page.click('button.approve');
  await page.waitForSelector('.result.ok');
  assert.match(await shown(page, '.result'), /Approved[\s\S]*ada[\s\S]*agreed with Maria/);
  const answer = await results(gateway.url, robot, 'b-approve', 20_000);
  assert.deepEqual(
    rowsOf(answer.body).map((row) => row[0]),
    ['1', '2'],
  );
  await page.reload();
  assert.match(await shown(page, '.result'), /Approved and run[\s\S]*2 rows/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('reject with the keyboard alone, in the dark; the agent reads the reason', { skip }, async () => {
  const { id } = await hold('b-reject');
  const { page, complaints, context } = await visitor(browser, { dark: true });
  await page.goto(`${gateway.url}/approvals`);
  await signIn(page, 'ada', gateway.password);
  assert.match(await shown(page, 'main'), /wait[\s\S]*robot/);
  await page.screenshot({ path: join(shotsDir, 'dark-list.png') });
  await page.click(`.card[href$="${id}"]`);
  assert.ok(page.url().endsWith(id));
  await page.screenshot({ path: join(shotsDir, 'dark.png') });
  const focused = (): Promise<string> =>
    page.evaluate('document.activeElement.id || document.activeElement.value');
  for (let tabs = 0; tabs < 8 && (await focused()) !== 'reason'; tabs++) await page.keyboard.press('Tab');
  assert.equal(await focused(), 'reason');
  await page.keyboard.type('too much data');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'approve');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'reject');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.result.bad');
  assert.match(await shown(page, '.result'), /Rejected[\s\S]*too much data/);
  const job = await getJob(gateway.url, robot, 'b-reject');
  assert.match(JSON.stringify(job.body.status), /Rejected by ada: too much data/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a link that is fetched by scanners changes nothing, and shows them nothing', { skip }, async () => {
  const { link, id } = await hold('b-scan');
  for (const method of ['GET', 'HEAD', 'GET', 'HEAD', 'GET']) {
    const answer = await fetch(link, { method, redirect: 'manual' });
    assert.equal(answer.status, 303);
    assert.match(answer.headers.get('location') ?? '', /\/oidc\/authorize/);
  }
  for (const action of ['approve', 'reject', 'decide', 'sign-out'])
    assert.ok((await fetch(`${gateway.url}/approvals/${id}/${action}`)).status >= 400);
  assert.equal(await stateOf('b-scan'), 'PENDING');
});

test('only our own form of this login decides: Origin, CSRF token, and once', { skip }, async () => {
  const held = await hold('b-form');
  const { page, context } = await visitor(browser);
  await page.goto(held.link);
  await signIn(page, 'grace', gateway.password);
  const csrf = await page.inputValue('[name=csrf]');
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const post = (fields: Record<string, string>, headers: Record<string, string>): Promise<Response> =>
    fetch(`${gateway.url}/approvals/${held.id}/decide`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ decision: 'approve', reason: 'because', digest: held.digest, ...fields }),
    });
  const origin = gateway.url;
  assert.equal((await post({ csrf }, { origin })).status, 401, 'without a login');
  assert.equal((await post({ csrf }, { cookie })).status, 403, 'without Origin');
  assert.equal((await post({ csrf }, { cookie, origin: 'null' })).status, 403);
  assert.equal((await post({ csrf }, { cookie, origin: 'https://evil.example' })).status, 403);
  assert.equal((await post({}, { cookie, origin })).status, 403, 'without the token');
  assert.equal((await post({ csrf: `${csrf.slice(0, -1)}x` }, { cookie, origin })).status, 403);
  assert.equal((await post({ csrf, reason: ' ' }, { cookie, origin })).status, 409, 'without a reason');
  assert.equal(
    (await post({ csrf, digest: 'sha256:00' }, { cookie, origin })).status,
    409,
    'of another execution',
  );
  assert.equal(await stateOf('b-form'), 'PENDING');

  const other = await hold('b-other');
  const crossed = await fetch(`${gateway.url}/approvals/${other.id}/decide`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, origin },
    body: new URLSearchParams({ csrf, decision: 'approve', reason: 'because', digest: other.digest }),
  });
  assert.equal(crossed.status, 403, "a token is good for one query's form");

  assert.equal((await post({ csrf, decision: 'reject' }, { cookie, origin })).status, 303);
  assert.equal((await post({ csrf }, { cookie, origin })).status, 409, 'the same form once more');
  assert.equal(await stateOf('b-form'), 'DONE');
  await context.close();
});

test('who asked, or is asked for, reads why somebody else must decide; others find nothing', {
  skip,
}, async () => {
  const held = await hold('b-own');
  const maria = await visitor(browser);
  await maria.page.goto(held.link);
  await signIn(maria.page, 'maria', gateway.password);
  assert.match(await shown(maria.page, '.decide'), /cannot decide[\s\S]*asked on your behalf/);
  assert.equal(await maria.page.locator('textarea').count(), 0);
  await maria.page.click('header button');
  assert.match(await shown(maria.page, 'main'), /Signed out/);
  await maria.page.goto(held.link);
  assert.match(maria.page.url(), /\/oidc\/authorize/, 'signed out');
  await signIn(maria.page, 'nobody', gateway.password, 'analysts');
  assert.match(await shown(maria.page, 'main'), /Nothing here/);
  await maria.page.goto(`${gateway.url}/approvals/${held.id}?t=damaged`);
  assert.match(await shown(maria.page, 'main'), /link does not work[\s\S]*damaged/i);
  await maria.context.close();
});

test('two people approve at once: one approval counts, the other reads what happened', { skip }, async () => {
  const held = await hold('b-race');
  const people = await Promise.all(['ada', 'grace'].map(() => visitor(browser)));
  for (const [index, { page }] of people.entries()) {
    await page.goto(held.link);
    await signIn(page, ['ada', 'grace'][index] ?? '', gateway.password);
    await page.fill('#reason', 'both of us looked');
  }
  await Promise.all(people.map(({ page }) => page.click('button.approve')));
  for (const { page } of people) assert.match(await shown(page, '.decide'), /Approved/);
  const answer = await results(gateway.url, robot, 'b-race', 20_000);
  assert.equal(rowsOf(answer.body).length, 2);
  await Promise.all(people.map(({ context }) => context.close()));
});
