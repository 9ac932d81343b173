import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Html, html } from './html.ts';
import { styles } from './styles.ts';

const styleHash = `'sha256-${createHash('sha256').update(styles).digest('base64')}'`;

/** A whole page, for somebody signed in as `viewer`. No script, no third-party content: what is shown is all there is. */
export const page = (title: string, body: Html, viewer?: string): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${title} · Sluice</title>
<style>${{ markup: styles }}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header><a class="brand" href="/approvals">Sluice</a>${viewer !== undefined && html`<span class="who">${viewer}</span><form method="post" action="/approvals/sign-out"><button>Sign out</button></form>`}</header>
<main id="main">${body}</main>
</body>
</html>
`;

/** Sends a page under a strict content security policy; it is never cached and never framed. */
export function sendPage(
  res: ServerResponse,
  status: number,
  content: Html,
  headers: Readonly<Record<string, string>> = {},
): void {
  const bytes = Buffer.from(content.markup, 'utf8');
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src ${styleHash}; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    // `no-referrer` would make browsers send `Origin: null` with our own forms, which are told by their Origin.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    ...headers,
  });
  res.end(bytes);
}

export function redirect(
  res: ServerResponse,
  location: string,
  headers: Readonly<Record<string, string | string[]>> = {},
): void {
  res.writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', ...headers });
  res.end();
}

/** A page that says one thing, usually why something cannot be done and what to do instead; `viewer` is who is signed in. */
export const message = (
  title: string,
  text: string,
  next?: { readonly href: string; readonly label: string },
  viewer?: string,
): Html =>
  page(
    title,
    html`<div class="panel"><h1>${title}</h1><p class="lead">${text}</p>${next && html`<p><a class="button" href="${next.href}">${next.label}</a></p>`}</div>`,
    viewer,
  );
