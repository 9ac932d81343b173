import type { IncomingMessage, ServerResponse } from 'node:http';
import { mayDecide } from '../../core/approval/rules.ts';
import type { Query, QueryId } from '../../core/query/query.ts';
import { decideApproval } from '../../pipeline/decide-approval.ts';
import { checkLink, listHolds, viewHold } from '../../pipeline/list-holds.ts';
import type { Ports } from '../../ports/index.ts';
import { readForm } from '../forms.ts';
import type { Html } from '../pages/html.ts';
import { message, redirect, sendPage } from '../pages/layout.ts';
import { parseTarget } from '../router.ts';
import type { Handler } from '../server.ts';
import { approvalsApi } from './api.ts';
import { type DecisionForm, holdPage, holdsPage } from './pages.ts';
import {
  csrfToken,
  finishSignIn,
  type Person,
  type SignIn,
  sameText,
  signedIn,
  signOutCookie,
  startSignIn,
} from './session.ts';

const whatWaits = { href: '/approvals', label: 'What waits for me' } as const;

/** Who is signed in with the wrong account sees which one it is, and can sign out. */
const unknownTo = (viewer?: string): Html =>
  message(
    'Nothing here',
    'There is no query under this address that you may look at. Check the link, or sign in as a member of the approvers.',
    whatWaits,
    viewer,
  );
const unknown = unknownTo();

const foreign = message(
  'Not from this page',
  'That did not come from one of these pages, so nothing was done. Open the link again.',
  whatWaits,
);

const notIdentified = message(
  'Not identified',
  'The proxy in front of this page did not say who you are. Open the page through its own address.',
);

/**
 * The approval pages below `/approvals`. The link locates, the login authorizes: GET never decides anything, however often it
 * is fetched; a decision is a POST with a login, a CSRF token and our own Origin.
 */
export function approvalsHandler(ports: Ports, signIn: SignIn): Handler {
  const api = approvalsApi(ports);

  return async (req, res) => {
    const target = parseTarget(req.url ?? '/');
    if (typeof target === 'string') return sendPage(res, 400, message('Bad address', target));
    const [, first = '', action] = target.segments;
    if (first === 'v1') return api(req, res);
    const read = req.method === 'GET' || req.method === 'HEAD';
    // One address only: cookies and the Origin check depend on it, and a rebound DNS name gets nothing.
    if (req.headers.host !== new URL(ports.publicUrl()).host)
      return redirect(res, `${ports.publicUrl()}${req.url}`);
    if (first === 'callback' && read) return callback(req, res, target.query);
    if (read && action === undefined)
      return look(req, res, first, target.query.get('t'), req.url ?? '/approvals');
    if (req.method === 'POST' && first === 'sign-out' && action === undefined) return signOut(req, res);
    if (req.method === 'POST' && action === 'decide') return decide(req, res, first);
    return sendPage(res, read ? 404 : 405, unknown);
  };

  async function look(
    req: IncomingMessage,
    res: ServerResponse,
    id: string,
    token: string | null,
    path: string,
  ): Promise<void> {
    const person = await signedIn(signIn, req);
    if (person === undefined) return enter(res, path);
    const { subject } = person.caller.principal;
    if (id === '')
      return sendPage(
        res,
        200,
        holdsPage(await listHolds(ports, person.caller), ports.clock.nowMs(), subject),
      );
    const broken = token === null ? undefined : await checkLink(ports, token, id);
    if (broken !== undefined)
      return sendPage(res, 410, message('This link does not work', broken, whatWaits, subject));
    const query = await viewHold(ports, person.caller, id as QueryId);
    if (query === undefined) return sendPage(res, 404, unknownTo(subject));
    return show(res, 200, query, person);
  }

  /** Nobody is signed in: off to the provider, or to whoever put the proxy in front. */
  async function enter(res: ServerResponse, path: string): Promise<void> {
    if (signIn.kind === 'proxy') return sendPage(res, 401, notIdentified);
    const start = await startSignIn(ports, signIn, path);
    return redirect(res, start.location, { 'set-cookie': start.cookie });
  }

  async function show(
    res: ServerResponse,
    status: number,
    query: Query,
    person: Person,
    problem?: string,
    reason?: string,
  ): Promise<void> {
    const form = await formFor(query, person, problem, reason);
    const { subject } = person.caller.principal;
    return sendPage(res, status, holdPage(query, ports.clock.nowMs(), form, subject));
  }

  async function formFor(
    query: Query,
    person: Person,
    problem?: string,
    reason?: string,
  ): Promise<DecisionForm | { why: string }> {
    if (query.state !== 'held') return { why: query.error?.message ?? 'This query has been decided.' };
    const forbidden = mayDecide(query, person.caller.principal, 'approve');
    if (forbidden) return { why: forbidden.message };
    const csrf = await csrfToken(ports, person, query.id);
    return {
      csrf,
      ...(problem === undefined ? {} : { problem }),
      ...(reason === undefined ? {} : { reason }),
    };
  }

  async function decide(req: IncomingMessage, res: ServerResponse, id: string): Promise<void> {
    const person = await signedIn(signIn, req);
    if (person === undefined)
      return sendPage(
        res,
        401,
        message(
          'Sign in first',
          'Your sign-in has ended, and nothing was decided. Sign in and decide again.',
          {
            href: `/approvals/${id}`,
            label: 'Sign in',
          },
        ),
      );
    // Browsers send Origin with every POST; without it, or with another, the form was not ours.
    if (req.headers.origin !== ports.publicUrl()) return sendPage(res, 403, foreign);
    const form = await readForm(req);
    if (!form.ok) return sendPage(res, 400, message('The form could not be read', form.refusal.message));
    const get = (name: string): string => form.value.get(name) ?? '';
    if (!sameText(get('csrf'), await csrfToken(ports, person, id))) {
      return sendPage(
        res,
        403,
        message('The page was too old', 'Open the query again and decide there.', {
          href: `/approvals/${id}`,
          label: 'Open it',
        }),
      );
    }
    const decision = get('decision');
    if (decision !== 'approve' && decision !== 'reject')
      return sendPage(res, 400, message('No decision', 'Choose Approve or Reject.'));
    const decided = await decideApproval(ports, person.caller, id as QueryId, {
      decision,
      reason: get('reason'),
      digest: get('digest'),
    });
    if (decided.ok) return redirect(res, `/approvals/${id}`);
    const query = await viewHold(ports, person.caller, id as QueryId);
    if (query === undefined) return sendPage(res, 404, unknownTo(person.caller.principal.subject));
    return show(res, 409, query, person, decided.refusal.message, get('reason'));
  }

  async function signOut(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.headers.origin !== ports.publicUrl()) return sendPage(res, 403, foreign);
    const done = message('Signed out', 'Nobody is signed in in this browser any more.', {
      href: '/approvals',
      label: 'Sign in',
    });
    return sendPage(res, 200, done, { 'set-cookie': signOutCookie(ports) });
  }

  async function callback(req: IncomingMessage, res: ServerResponse, query: URLSearchParams): Promise<void> {
    if (signIn.kind === 'proxy') return sendPage(res, 404, unknown);
    const done = await finishSignIn(ports, signIn, req, query);
    if (done.ok) return redirect(res, done.path, { 'set-cookie': done.cookies });
    return sendPage(
      res,
      403,
      message('Not signed in', done.reason, { href: '/approvals', label: 'Try again' }),
    );
  }
}
