import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { find } from './find.ts';

export const browserPath = find('chromium', 'chromium-browser', 'google-chrome');

const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: browserPath ?? '', args: quiet });

export const shotsDir = mkdtempSync(join(tmpdir(), 'sluice-shots-'));

/** Somebody's own browser profile: what the console complains about (CSP violations among it) is gathered in `complaints`. */
export type Visitor = {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: readonly string[];
};

export async function visitor(
  browser: Browser,
  options: { readonly width?: number; readonly dark?: boolean } = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1200, height: 800 },
    colorScheme: options.dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`a script opened a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { context, page, complaints };
}

/** Fills in the embedded identity provider's form, which the page must be showing. */
export async function signIn(
  page: Page,
  name: string,
  password: string,
  groups = 'approvers',
): Promise<void> {
  await page.fill('#name', name);
  await page.fill('#groups', groups);
  await page.fill('#password', password);
  await page.click('main button[type=submit]');
}

/** The text that a person sees there, hidden parts left out. */
export const shown = (page: Page, selector: string): Promise<string> =>
  // biome-ignore lint/performance/useDomNodeTextContent: only rendered text is what a person reads.
  page.locator(selector).innerText();
