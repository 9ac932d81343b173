import { writtenQuery } from '../ast/definitions.ts';
import type { Statement } from '../ast/index.ts';
import { namesIn } from '../ast/names.ts';
import { tableName } from '../catalog.ts';
import type { QueryContext } from './context.ts';
import { type Draft, noteQuery } from './draft.ts';
import { unsupported } from './failure.ts';
import { findTable, refuseUnusable, tableRef } from './table.ts';

const READ_ROLES = new Set(['TablePathExpression', 'CloneDataSource', 'CopyDataSource']);
const NO_TABLE_ROLE = /Connection|Argument|TVF|^TableClause$|^ModelClause$|^PathExpressionList$/;
/** Statements that are understood by their kind and the names in them. */
const BY_NAME =
  /^(DROP_|TRUNCATE_TABLE$|UNDROP|CREATE_SCHEMA$|CREATE_TABLE$|CREATE_SNAPSHOT_TABLE$|ALTER_|GRANT|REVOKE|BEGIN_TRANSACTION$|COMMIT|ROLLBACK)/;

/** Whether the names in a statement are those of tables. GRANT says by a word what its name is, or means a table. */
function concernsTables(statement: Statement, type: string): boolean {
  if (statement.kind === 'GrantStatement' || statement.kind === 'RevokeStatement')
    return /^(TABLE|VIEW)$/i.test(statement.objectType.at(-1)?.name ?? 'TABLE');
  return /TABLE|VIEW|LOAD_DATA/.test(type) && !/FUNCTION/.test(type);
}

/** A statement that is known by its kind and by the names in it. */
export function resolveOther(statement: Statement, context: QueryContext, draft: Draft): void {
  const { session } = context;
  const { statementType: type } = draft;
  const written = writtenQuery(statement);
  const ofTables = concernsTables(statement, type);
  for (const { path, role } of namesIn(statement)) {
    const read = READ_ROLES.has(role);
    if (read ? written !== undefined : !ofTables || NO_TABLE_ROLE.test(role)) continue;
    const ref = tableRef({ path, span: statement.span }, context);
    refuseUnusable(path, findTable(session, ref));
    session.shared.referenced.set(tableName(ref), ref);
    if (read) session.shared.reads.set(tableName(ref), ref);
    else draft.writes.push(ref);
  }
  if (written) noteQuery(written, context, draft);
  else if (!BY_NAME.test(type)) unsupported(statement, type);
}
