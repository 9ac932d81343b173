import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type GatewayProcess, root, startGateway } from '../support/gateway.ts';

/** One code block of the README's tour: what its comment promises, and its commands. */
type Step = { readonly promise: string; readonly commands: string };

/** `<!-- tour: PROMISE -->` and the code block after it. PROMISE: nothing, `expect TEXT`, `fails with TEXT` or `background`. */
function tourOf(markdown: string): readonly Step[] {
  const blocks = markdown.matchAll(
    /<!-- tour(?:: (?<promise>[^>]*?))? -->\n```\n(?<commands>[\s\S]*?)\n```/g,
  );
  return [...blocks].map(({ groups = {} }) => ({
    promise: groups.promise ?? '',
    commands: groups.commands ?? '',
  }));
}

type Ended = { readonly code: number | null; readonly output: string };
type Running = { readonly child: ChildProcess; output(): string; readonly ended: Promise<Ended> };

const limitMs = 120_000;
const steps = tourOf(readFileSync(join(root, 'README.md'), 'utf8'));
let gateway: GatewayProcess;
let token = '';

/** Runs commands as a terminal in this folder would, with the token that the steps before exported. */
function run(commands: string): Running {
  const child = spawn('bash', ['-e', '-c', `${commands}\nprintf '%s' "$SLUICE_TOKEN" >&3`], {
    cwd: root,
    env: { ...process.env, SLUICE_STATE: gateway.state, SLUICE_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: limitMs,
  });
  let output = '';
  let exported = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    exported += chunk;
  });
  const ended = new Promise<Ended>((done) =>
    child.once('close', (code) => {
      if (exported !== '') token = exported;
      done({ code, output });
    }),
  );
  return { child, output: () => output, ended };
}

before(async () => {
  gateway = await startGateway();
});
after(async () => {
  await gateway.stop();
});

test("the README's tour does what it says, command by command", async () => {
  assert.ok(steps.length >= 7, 'permitted, masked, denied, held, approved, verified, replayed');
  let waiting: Running | undefined;
  for (const { promise, commands } of steps) {
    const step = run(commands);
    if (promise === 'background') {
      waiting = step;
      const untilMs = Date.now() + limitMs;
      while (!/^held/m.test(step.output()) && Date.now() < untilMs)
        await new Promise((next) => setTimeout(next, 100));
      assert.match(step.output(), /^held/m, commands);
      continue;
    }
    const { code, output } = await step.ended;
    const [, fails, wanted = ''] = /^(?:(fails with)|expect) (.*)$/.exec(promise) ?? [];
    assert.equal(code === 0, fails === undefined, `${commands}\n${output}`);
    assert.ok(output.includes(wanted), `${commands}\nsays ${wanted}:\n${output}`);
  }
  assert.ok(waiting, 'one step waits in the background');
  const { code, output } = await waiting.ended;
  assert.equal(code, 0, output);
  assert.match(output, /event_id[\s\S]*5 rows/, 'the agent that waited has its rows');
});
