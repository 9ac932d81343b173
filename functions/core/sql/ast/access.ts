import type { RestrictedPrivilege } from './create.ts';
import type { Expression } from './expressions.ts';
import type { Identifier, Span } from './span.ts';
import type { ObjectName } from './statements.ts';

/** `GRANT privileges ON [kind] name TO grantees`; REVOKE takes them back. */
export type AccessStatement = {
  readonly kind: 'GrantStatement' | 'RevokeStatement';
  readonly span: Span;
  /** roles of BigQuery are names too; none for ALL PRIVILEGES */
  readonly privileges?: readonly RestrictedPrivilege[];
  /** the words for the kind of object: `TABLE`, `EXTERNAL TABLE`; any words are taken */
  readonly objectType: readonly Identifier[];
  readonly name: ObjectName;
  readonly grantees: readonly Expression[];
};
