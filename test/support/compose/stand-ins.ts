// What Google has and no emulator does, on fixed ports of one machine, for docker-compose.yml: keys, secrets, identities, a
// bucket lock in front of fake-gcs-server, tokens for Pub/Sub's pushes, and the scheduler. Prints tokens to ask with.
import { randomBytes } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { type GoogleIssuer, startGoogleIssuer } from '../google-issuer.ts';
import { startPushRelay } from '../push-relay.ts';
import { startRepairingProxy } from '../repairing-proxy/proxy.ts';
import { bucketLock } from '../stand-ins/bucket-lock.ts';
import { startIamStandIn } from '../stand-ins/iam.ts';
import { startKmsStandIn } from '../stand-ins/kms.ts';
import { lockedBucket } from '../stand-ins/log-bucket.ts';
import { startSecretManagerStandIn } from '../stand-ins/secret-manager.ts';

export const project = 'sluice-local';
/** Ports that docker-compose.yml and its environment name; a test compares them. */
export const ports = {
  api: 8080,
  approvals: 8081,
  resume: 8082,
  sweep: 8083,
  pubsub: 8085,
  firestore: 8200,
  storage: 4443,
  bigquery: 9050,
  kms: 9001,
  secrets: 9002,
  iam: 9003,
  lock: 9004,
  warehouse: 9005,
  keys: 9006,
  people: 9007,
} as const;

const local = (port: number): string => `http://127.0.0.1:${port}`;
const account = (name: string): string => `${name}@${project}.iam.gserviceaccount.com`;
const ring = `projects/${project}/locations/eu/keyRings/sluice/cryptoKeys`;

/** Lets a port of our choice lead to one that was free. */
function lead(from: number, to: number): Promise<void> {
  const server = createServer((socket) => {
    const target = connect(to, '127.0.0.1');
    socket.pipe(target).pipe(socket);
    const close = (): void => {
      socket.destroy();
      target.destroy();
    };
    for (const end of [socket, target]) end.on('error', close);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(from, '127.0.0.1', resolve);
  });
}
const portOf = (url: string): number => Number(new URL(url).port);

async function until(what: string, url: string): Promise<void> {
  for (let tries = 0; tries < 120; tries += 1) {
    const answered = await fetch(url).then(
      (answer) => answer.status < 500,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${what} does not answer at ${url}`);
}

/** Buckets as `infra/` makes them. */
async function storage(): Promise<void> {
  await until('fake-gcs-server', `${local(ports.storage)}/storage/v1/b?project=${project}`);
  const lock = await bucketLock(local(ports.storage));
  await lock.makeBucket('sluice-audit', lockedBucket);
  await lock.makeBucket('sluice-derived', { iamConfiguration: lockedBucket.iamConfiguration });
  await lead(ports.lock, lock.port);
}

async function keysAndSecrets(): Promise<void> {
  const [kms, secrets] = await Promise.all([startKmsStandIn(), startSecretManagerStandIn()]);
  kms.makeKey(`${ring}/log`, 'sign');
  kms.makeKey(`${ring}/link`, 'sign');
  kms.makeKey(`${ring}/records`, 'encrypt');
  secrets.add(`projects/${project}/secrets/sluice-hmac`, randomBytes(32).toString('base64'));
  await Promise.all([lead(ports.kms, kms.port), lead(ports.secrets, secrets.port)]);
}

async function identities(): Promise<void> {
  const gateway = account('gateway');
  const iam = await startIamStandIn({ metadataAccount: gateway });
  iam.allow(gateway, account('sluice-x-analysts'));
  await lead(ports.iam, iam.port);
}

/** Pub/Sub's emulator knows neither topics nor tokens: both are given here. */
async function queue(token: () => Promise<string>): Promise<void> {
  const base = `${local(ports.pubsub)}/v1/projects/${project}`;
  await until('the Pub/Sub emulator', `${base}/topics`);
  const relay = await startPushRelay({ target: () => `${local(ports.resume)}/`, token });
  const put = async (path: string, body: object): Promise<void> => {
    const answer = await fetch(`${base}${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok && answer.status !== 409)
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  await put('/topics/sluice-queries', {});
  await put('/subscriptions/sluice-resume', {
    topic: `projects/${project}/topics/sluice-queries`,
    enableMessageOrdering: true,
    pushConfig: { pushEndpoint: relay.url },
  });
}

/** Real GoogleSQL in front of bigquery-emulator where there is one: the emulator runs what it is asked to dry-run. */
async function warehouse(oracle: string | undefined): Promise<string> {
  if (oracle === undefined) {
    await lead(ports.warehouse, ports.bigquery);
    return 'without SLUICE_GOOGLESQL bigquery-emulator answers dry runs wrongly, so Sluice refuses queries: use real BigQuery (SLUICE_BIGQUERY_ENDPOINT= in cloud.env)';
  }
  await until('bigquery-emulator', `${local(ports.bigquery)}/bigquery/v2/projects/${project}/datasets`);
  const proxy = await startRepairingProxy({ emulatorUrl: local(ports.bigquery), oracle });
  await lead(ports.warehouse, portOf(proxy.url));
  return 'bigquery-emulator is repaired with real GoogleSQL';
}

/** Starts everything; resolves when the functions can start. Gives tokens of an agent and of an approver. */
export async function startStandIns(
  oracle: string | undefined,
): Promise<{ readonly robot: string; readonly ada: string; readonly note: string }> {
  const [issuer, people] = await Promise.all([startGoogleIssuer(), startGoogleIssuer()]);
  await lead(ports.keys, portOf(issuer.jwksUrl));
  await lead(ports.people, portOf(people.jwksUrl));
  const caller = (by: GoogleIssuer, port: number, sub: string): Promise<string> =>
    by.token('sluice', sub, { claims: { iss: local(port), sub } });
  const service = (audience: number, name: string) => () => issuer.token(local(audience), account(name));
  const [note] = await Promise.all([
    warehouse(oracle),
    keysAndSecrets(),
    identities(),
    storage(),
    queue(service(ports.resume, 'push')),
  ]);
  const tick = async (): Promise<void> => {
    const authorization = `Bearer ${await service(ports.sweep, 'scheduler')()}`;
    await fetch(`${local(ports.sweep)}/`, { method: 'POST', headers: { authorization } }).catch(() => {});
  };
  setInterval(() => void tick(), 10_000).unref();
  const [robot, ada] = await Promise.all([
    caller(issuer, ports.keys, 'robot@agents.example'),
    caller(people, ports.people, 'ada@people.example'),
  ]);
  return { robot, ada, note };
}

if (import.meta.main) {
  const { robot, ada, note } = await startStandIns(process.env.SLUICE_GOOGLESQL || undefined);
  process.stdout.write(`${note}\nagent (SLUICE_TOKEN): ${robot}\napprover: ${ada}\nready\n`);
  setInterval(() => {}, 3_600_000);
}
