import type { CreateTableFunctionStatement } from '../ast/create.ts';
import type { Argument, Path, Span } from '../ast/index.ts';
import type { RoutineParameter, TableType } from '../ast/routines.ts';
import { findFunction } from '../functions/index.ts';
import type { ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { typeText } from '../types.ts';
import type { FromResult } from './array-join.ts';
import { callTableEntry } from './built-in-table.ts';
import { coerce, fit } from './coercion.ts';
import { type CteInfo, outerScope, plainContext, type QueryContext, type QueryResult } from './context.ts';
import { resolveExpression } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { derivedTable } from './from.ts';
import { resolveQuery } from './query.ts';
import { findRoutine, inRoutine, type Routine, routineSession } from './routines.ts';
import { type Alias, columnField, key, NO_NAMES, valueFields } from './scope.ts';
import { fixedTable } from './session.ts';
import { resolveTableName } from './table.ts';
import { resolveDeclaredType } from './type-node.ts';
import { boundary } from './view.ts';

/** A call of a table function in FROM or as a pipe operator. */
export type TableCall = {
  readonly name: Path;
  readonly arguments: readonly Argument[];
  readonly span: Span;
  readonly alias?: { readonly name: string };
};

type SqlTableFunction = Routine & { readonly statement: CreateTableFunctionStatement };

/** The function's query, with values as names around it and tables as WITH tables. `piped` is `|> CALL`'s input. */
function callTableRoutine(
  node: TableCall,
  routine: Routine,
  context: QueryContext,
  piped?: FromResult,
): FromResult {
  const { statement, name } = routine;
  context.session.shared.functions.add(name);
  context.session.shared.routines.add(name);
  if (statement.kind !== 'CreateTableFunctionStatement')
    return fail(node.name, `${name} is not a table function`);
  if (statement.query === undefined)
    return unsupported(node, name, `Table function ${name} is not written in SQL`);
  const sql: SqlTableFunction = { ...routine, statement };
  const given = placed(node, sql, piped === undefined ? 0 : 1);
  const aliases = new Map<string, Alias>();
  const tables: { readonly name: string; readonly info: CteInfo; readonly scan: ResolvedScan }[] = [];
  for (const [i, p] of statement.parameters.entries()) {
    const parameter = key(p.name?.name ?? '');
    if (isTable(p)) {
      const input = i === 0 && piped ? piped : tableOf(given[i], p, sql, node, context);
      tables.push({ name: parameter, ...asCte(input, p, sql, node, context) });
    } else aliases.set(parameter, { expression: scalarOf(given[i], p, sql, node, context) });
  }
  const session = routineSession(node.name, routine, context.session);
  const find = (wanted: string): CteInfo | undefined => tables.find((t) => t.name === key(wanted))?.info;
  const inner: QueryContext = { session, ctes: { find }, outer: { names: NO_NAMES, aliases } };
  const query = statement.query;
  const result = inRoutine(node.name, routine, () => resolveQuery(query, inner));
  return named(node, withTables(result, tables), context);
}

const isTable = ({ type }: RoutineParameter): boolean =>
  type.kind === 'TableType' || (type.kind === 'TemplatedType' && type.any === 'TABLE');

/** Arguments by the place of their parameter. */
function placed(
  node: TableCall,
  routine: SqlTableFunction,
  first: number,
): readonly (Argument | undefined)[] {
  const { parameters } = routine.statement;
  const list: (Argument | undefined)[] = parameters.map(() => undefined);
  let next = first;
  for (const a of node.arguments) {
    const wanted = 'name' in a ? a.name?.name : undefined;
    const at =
      wanted === undefined ? next++ : parameters.findIndex((p) => key(p.name?.name ?? '') === key(wanted));
    if (at < 0 || at >= parameters.length || list[at] !== undefined)
      fail(a, `Table function ${routine.name} does not take this argument`);
    list[at] = a;
  }
  return list;
}

function scalarOf(
  a: Argument | undefined,
  p: RoutineParameter,
  routine: SqlTableFunction,
  node: TableCall,
  context: QueryContext,
): ResolvedExpression {
  const given = a?.kind === 'PlainArgument' || a?.kind === 'NamedArgument' ? a.value : undefined;
  if (a !== undefined && given === undefined) return fail(a, `${p.name?.name} of ${routine.name} is a value`);
  const written = given ?? p.default;
  if (written === undefined) return fail(node, `Table function ${routine.name} lacks ${p.name?.name}`);
  const inside = plainContext(context, outerScope(context), 'argument of a table function');
  const value = resolveExpression(written, inside);
  if (p.type.kind === 'TemplatedType' || p.type.kind === 'TableType') return value;
  const type = resolveDeclaredType(p.type);
  if (fit(value, type) === undefined)
    fail(written, `${p.name?.name} of ${routine.name} is ${typeText(type)}, not ${typeText(value.type)}`);
  return coerce(value, type);
}

/** `TABLE t`, a query in parentheses, or a plain name. */
function tableOf(
  a: Argument | undefined,
  p: RoutineParameter,
  routine: SqlTableFunction,
  node: TableCall,
  context: QueryContext,
): FromResult {
  if (a?.kind === 'QueryArgument') return derivedTable(resolveQuery(a.query, context), undefined);
  const path = a?.kind === 'ObjectArgument' && a.object === 'TABLE' ? a.path : undefined;
  if (path === undefined) return fail(a ?? node, `${p.name?.name} of ${routine.name} is a table`);
  return resolveTableName(fixedTable(path), context, undefined);
}

function asCte(
  input: FromResult,
  p: RoutineParameter,
  routine: SqlTableFunction,
  node: TableCall,
  { session }: QueryContext,
): { readonly info: CteInfo; readonly scan: ResolvedScan } {
  const visible = input.names.fields.filter((f) => !f.hidden && f.path.length === 0);
  const wanted = p.type.kind === 'TableType' ? columnNames(p.type) : undefined;
  const fields = wanted?.map(
    (name) =>
      visible.find((f) => key(f.name) === key(name)) ??
      fail(node, `The table for ${p.name?.name} of ${routine.name} lacks the column ${name}`),
  );
  const outputs = (fields ?? visible).map((f) => ({ name: f.name, column: f.column }));
  const scan = boundary({ scan: input.scan, outputs, asValue: false }, session);
  const name = `$${key(p.name?.name ?? '')}${scan.columns[0]?.id ?? session.shared.ids.next++}`;
  return {
    scan,
    info: { name, outputs: scan.columns.map((c) => ({ name: c.name, type: c.type })), asValue: false },
  };
}

const columnNames = (type: TableType): string[] => type.columns.flatMap((c) => (c.name ? [c.name.name] : []));

function withTables(
  result: QueryResult,
  tables: readonly { readonly info: CteInfo; readonly scan: ResolvedScan }[],
): QueryResult {
  if (tables.length === 0) return result;
  const entries = tables.map(({ info, scan }) => ({ name: info.name, scan }));
  const scan: ResolvedScan = {
    kind: 'WithScan',
    recursive: false,
    entries,
    input: result.scan,
    columns: result.scan.columns,
  };
  return { ...result, scan };
}

/** The columns of a call under its alias, or under the function's own name. */
export function named(node: TableCall, result: QueryResult, { session }: QueryContext): FromResult {
  const { boundary: _, ...scan } = boundary(result, session);
  const name = node.alias?.name ?? node.name.parts.at(-1)?.name.split('.').pop() ?? '';
  const value = result.asValue ? scan.columns[0] : undefined;
  const fields = value ? valueFields(name, value) : scan.columns.map((c) => columnField(c.name, c));
  return { scan, names: { fields, ranges: [{ name, fields, ...(value ? { value } : {}) }] } };
}

/** A table function by its name: one that SQL defines, else one of BigQuery's own. */
export function resolveTableCall(node: TableCall, context: QueryContext, piped?: FromResult): FromResult {
  const written = node.name.parts.map((p) => p.name).join('.');
  const routine = findRoutine(node.name, context.session);
  if (routine !== undefined) return callTableRoutine(node, routine, context, piped);
  const entry = findFunction(written.toUpperCase());
  if (entry?.kind === 'table') return callTableEntry(node, entry, context, piped);
  return unsupported(node, written, `Table-valued function ${written} is not supported`);
}
