import { DatabaseSync } from 'node:sqlite';
import { SluiceError } from '../../core/errors.ts';
import { chargeBytes } from '../../core/query/charge.ts';
import { isFinal } from '../../core/query/lifecycle.ts';
import type { Query, QueryState } from '../../core/query/query.ts';
import type { StateStore } from '../../ports/state-store.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS query (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS query_by_principal ON query (issuer, subject, received_ms DESC, id DESC);
  CREATE INDEX IF NOT EXISTS query_used ON query (issuer, subject, received_ms, bytes);
  CREATE INDEX IF NOT EXISTS query_open ON query (state, received_ms) WHERE state IN ('received','evaluated','held','approved','running');
`;

/**
 * Queries in one SQLite file. Commits survive the end of the process; what a power cut takes is rebuilt from the log, which
 * is written first (`advance`).
 */
export function openSqliteStateStore(path: string): StateStore {
  const db = open(path);
  const insert = db.prepare('INSERT INTO query VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING');
  const update = db.prepare('UPDATE query SET version=?, state=?, bytes=?, body=? WHERE id=? AND version=?');
  const select = db.prepare('SELECT body FROM query WHERE id=?');
  const used = db.prepare(
    'SELECT coalesce(sum(bytes),0) AS bytes FROM query WHERE issuer=? AND subject=? AND received_ms>=?',
  );

  return {
    async create(query) {
      const { issuer, subject } = query.caller.principal;
      const row = [
        query.id,
        query.version,
        query.state,
        issuer,
        subject,
        query.receivedMs,
        chargeBytes(query),
      ] as const;
      return insert.run(...row, JSON.stringify(query)).changes === 1 ? 'created' : 'exists';
    },
    async get(id) {
      const row = select.get(id);
      return row === undefined ? undefined : (JSON.parse(String(row.body)) as Query);
    },
    async replace(query, expectedVersion) {
      const body = JSON.stringify(query);
      const { changes } = update.run(
        query.version,
        query.state,
        chargeBytes(query),
        body,
        query.id,
        expectedVersion,
      );
      return changes === 1 ? 'replaced' : 'conflict';
    },
    async listByPrincipal({ issuer, subject }, { limit, before, states }) {
      const wanted = states === undefined ? '' : ` AND state IN (${states.map(() => '?').join(',')})`;
      const older = before === undefined ? '' : ' AND (received_ms, id) < (?, ?)';
      const sql = `SELECT body FROM query WHERE issuer=? AND subject=?${wanted}${older} ORDER BY received_ms DESC, id DESC LIMIT ?`;
      const page = before === undefined ? [] : [before.receivedMs, before.id];
      return db
        .prepare(sql)
        .all(issuer, subject, ...(states ?? []), ...page, limit)
        .map((row) => JSON.parse(String(row.body)) as Query);
    },
    async listByState(states: readonly QueryState[], limit) {
      const open = states.filter((state) => !isFinal(state));
      const final = states.filter((state) => isFinal(state));
      const marks = [...open, ...final].map(() => '?').join(',');
      const sql = `SELECT body FROM query WHERE state IN (${marks}) ORDER BY received_ms, id LIMIT ?`;
      return db
        .prepare(sql)
        .all(...open, ...final, limit)
        .map((row) => JSON.parse(String(row.body)) as Query);
    },
    async bytesUsedSince({ issuer, subject }, sinceMs) {
      return Number(used.get(issuer, subject, sinceMs)?.bytes ?? 0);
    },
    async close() {
      db.close();
    },
  };
}

function open(path: string): DatabaseSync {
  try {
    const db = new DatabaseSync(path);
    db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;');
    db.exec(schema);
    return db;
  } catch (cause) {
    throw new SluiceError(
      'state_unavailable',
      `${path} cannot be opened as the state store; move it away or name another --state`,
      { cause },
    );
  }
}
