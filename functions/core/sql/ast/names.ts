import type { NamedObject, Statement } from './statements.ts';
import { isStatement, type Node, visit } from './walk.ts';

const argumentRoles = { TABLE: 'TableClause', MODEL: 'ModelClause' } as const;

/** The names in table position that this one node holds itself, not those of the nodes below it. */
export function namesAt(node: Node): readonly NamedObject[] {
  switch (node.kind) {
    case 'TableName':
      return [{ path: node.path, role: 'TablePathExpression' }];
    case 'TableFunction':
    case 'PipeCall':
      return [{ path: node.name, role: 'TVF' }];
    case 'ObjectArgument':
      return node.object === 'TABLE' || node.object === 'MODEL'
        ? [{ path: node.path, role: argumentRoles[node.object] }]
        : [];
    case 'ObjectName':
      return [node];
    case 'InsertStatement':
    case 'UpdateStatement':
    case 'DeleteStatement':
    case 'MergeStatement':
      return node.target.kind === 'Path' ? [{ path: node.target, role: node.kind }] : [];
    default:
      return [];
  }
}

/** Every name in table position in a statement and in those inside of it, in the order of the text. */
export function namesIn(statement: Statement): readonly NamedObject[] {
  const names: NamedObject[] = [];
  visit(statement, (node) => {
    names.push(...namesAt(node));
  });
  return names.sort((a, b) => a.path.span.start - b.path.span.start);
}

const analyzedKinds: ReadonlySet<string> = new Set([
  'QueryStatement',
  'InsertStatement',
  'UpdateStatement',
  'DeleteStatement',
  'MergeStatement',
]);

/** Whether it is a query, INSERT, UPDATE, DELETE or MERGE; any other statement is known by its kind and names. */
export const isQueryOrDml = ({ kind }: Statement): boolean => analyzedKinds.has(kind);

/** The statements directly inside of a statement, in the order of the text. */
export function innerStatements(statement: Statement): readonly Statement[] {
  const inner: Statement[] = [];
  visit(statement, (node) => {
    if (node === statement || !isStatement(node)) return true;
    inner.push(node);
    return false;
  });
  return inner.sort((a, b) => a.span.start - b.span.start);
}
