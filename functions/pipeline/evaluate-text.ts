import type { Refusal } from '../core/errors.ts';
import { checkRewritten, readsOutsidePlan } from '../core/masking/check-rewritten.ts';
import { maskingContext, maskStatement } from '../core/masking/mask-statement.ts';
import { type MaskingPlan, maskKeyParameter } from '../core/masking/plan.ts';
import { isReservedParameter } from '../core/masking/rewrite.ts';
import type { PolicyBundle } from '../core/policy/bundle.ts';
import { parameterSqlType } from '../core/query/parameter-type.ts';
import type { Query } from '../core/query/query.ts';
import type { StatementAnalysis } from '../core/sql/analysis.ts';
import { analyze, analyzeScript, type DeclaredParameters } from '../core/sql/analyze.ts';
import type { NamedObject, Script } from '../core/sql/ast/index.ts';
import { isQueryOrDml, namesIn } from '../core/sql/ast/names.ts';
import { visit } from '../core/sql/ast/walk.ts';
import { type Catalog, type CatalogTable, type TableRef, tableName } from '../core/sql/catalog.ts';
import { parseScript } from '../core/sql/parser/parse.ts';
import { printScript } from '../core/sql/print/print.ts';
import { renameParameters } from '../core/sql/rewrite/parameters.ts';
import type { SqlError } from '../core/sql/sql-error.ts';
import { type SqlType, STRING } from '../core/sql/types.ts';
import type { Ports, Since } from '../ports/index.ts';
import { accessToNames, accessToTables } from './evaluate-access.ts';
import { namedParameters } from './run-query.ts';

/** A text as Sluice understands it. */
export type Understood = {
  /** `resolved`: one query, whole. `recognized`: known by kind, not rewritten; it runs only where nothing in it needs a mask. */
  readonly kind: 'resolved' | 'recognized';
  readonly statements: readonly StatementAnalysis[];
  readonly statementType: string;
  readonly canonicalSql: string;
  readonly catalog: Catalog;
  /** Base tables read or written. */
  readonly reads: readonly TableRef[];
  /** Every table that the warehouse may name for this text. */
  readonly tables: readonly string[];
  /** What the text itself names. */
  readonly referenced: readonly string[];
  readonly plan: MaskingPlan;
  readonly outputNames?: readonly string[];
  /** Why a recognized statement cannot be looked into. */
  readonly problem?: Refusal;
};

export type Understanding = Understood | { readonly kind: 'refused'; readonly refusal: Refusal };

const refuse = (refusal: Refusal): Understanding => ({ kind: 'refused', refusal });

/** An error of the text in BigQuery's form, with its place. A table that does not exist has a reason of its own there. */
function sqlRefusal({ kind, message, subject, line, column }: SqlError): Refusal {
  const at = `at [${line}:${column}]`;
  if (kind !== 'unresolved' || subject === undefined) {
    return { code: 'invalid_query', location: 'query', message: `${message} ${at}` };
  }
  return { code: 'not_found', location: 'query', message: `Not found: Table ${subject} ${at}` };
}

/** What the warehouse says of everything that a query names; undefined for a text that names nothing that can be read. */
export async function snapshotFor(ports: Ports, query: Query, since: Since): Promise<Catalog | undefined> {
  const { project, request } = query;
  const parsed = parseScript(request.sql);
  if (!parsed.ok) return undefined;
  const place = { project, dataset: request.defaultDataset };
  return ports.warehouse.describe(tableNames(parsed.value), place, since);
}

/**
 * Reads the text, follows its names, masks it, and reads the result again: what comes out is the one text from here on.
 * `since` says how new the tables' descriptions must be.
 */
export async function understand(
  ports: Ports,
  bundle: PolicyBundle,
  query: Query,
  since?: Since,
): Promise<Understanding> {
  const { request, project } = query;
  const { defaultDataset } = request;
  const { principal } = query.caller;
  const declared = declaredTypes(request.parameters);
  if ('code' in declared) return refuse(declared);
  const parsed = parseScript(request.sql);
  if (!parsed.ok) return refuse(sqlRefusal(parsed.error));

  const script = parsed.value;
  const reserved = reservedParameter(script);
  if (reserved) return refuse(reserved);
  const names = tableNames(script);
  const catalog = await ports.warehouse.describe(names, { project, dataset: defaultDataset }, since);
  const statements = analyzeScript(request.sql, script, catalog, { parameters: declared });

  const [problem] = statements.flatMap((statement) => statement.refusals);
  const closed =
    (problem && accessToNames(bundle, principal, [...names, ...subject(problem)], project, defaultDataset)) ??
    accessToTables(bundle, principal, statements);
  if (closed) return refuse(closed);

  const [only, ...more] = statements;
  const maskingFor = (table: CatalogTable): MaskingPlan => bundle.maskingFor(principal, table);
  if (only === undefined || more.length > 0) {
    const unmasked = needsMasks(statements, catalog, maskingFor) ? unmaskedScript : undefined;
    return recognized(script, statements, catalog, problem ? sqlRefusal(problem) : unmasked);
  }
  const isQuery = only.statement.kind === 'QueryStatement';
  if (problem) {
    return isQuery
      ? refuse(sqlRefusal(problem))
      : recognized(script, statements, catalog, sqlRefusal(problem));
  }
  const missing = undeclared(only, declared);
  if (missing) return refuse(missing);
  const context = maskingContext(catalog, maskingFor);
  const masked = maskStatement(only, context);
  if (!masked.ok) {
    return isQuery ? refuse(masked.refusal) : recognized(script, statements, catalog, masked.refusal);
  }
  if (readsOutsidePlan(only, masked.plan, context).length > 0) return refuse(unmaskable);
  return again(query, { ...script, statements: [masked.value] }, only, masked.plan, catalog, declared);
}

/** The table that a text names and that does not exist. It may be named inside of a text or a routine that this text runs. */
const subject = ({ kind, subject }: SqlError): readonly (readonly string[])[] =>
  kind === 'unresolved' && subject !== undefined ? [[subject]] : [];

/** Whether statements that nobody rewrites would read something that this principal sees masked, or what nobody knows. */
const needsMasks = (
  statements: readonly StatementAnalysis[],
  catalog: Catalog,
  maskingFor: (table: CatalogTable) => MaskingPlan,
): boolean =>
  statements.some(({ referenced, reads, writes, irreplaceable, routines }) => {
    const tables = [...referenced, ...reads, ...writes, ...irreplaceable].flatMap(
      (ref) => catalog.table(ref) ?? [],
    );
    return routines.length > 0 || tables.some((table) => maskingFor(table).columns.length > 0);
  });

const unmaskedScript: Refusal = {
  code: 'policy_denied',
  location: 'query',
  message: 'A script cannot be rewritten to read masked values; send each statement in a job of its own.',
};

/** The masked statement printed, and analyzed once more as it will run: the two accounts must agree. */
function again(
  query: Query,
  rewritten: Script,
  before: StatementAnalysis,
  plan: MaskingPlan,
  catalog: Catalog,
  declared: DeclaredParameters,
): Understanding {
  const canonicalSql = printScript(renameParameters(rewritten, positionalNames(query)));
  const analyzed = analyze(canonicalSql, catalog, { parameters: canonicalTypes(query, declared) });
  const [final] = analyzed.ok ? analyzed.value.statements : [];
  if (final === undefined || final.refusals.length > 0 || final.statementType !== before.statementType) {
    return refuse(unmaskable);
  }
  const names = final.output.map((column) => column.name);
  if (names.join('\n') !== before.output.map((column) => column.name).join('\n')) return refuse(unmaskable);
  const isQuery = final.statement.kind === 'QueryStatement';
  if ((isQuery && final.resolved === undefined) || checkRewritten(final, plan, before).length > 0)
    return refuse(unmaskable);
  const touched = [...final.reads, ...final.writes];
  return {
    kind: isQuery ? 'resolved' : 'recognized',
    statements: [before],
    statementType: final.statementType,
    canonicalSql,
    catalog,
    reads: distinct(touched),
    tables: [...touched, ...final.referenced].map(tableName),
    referenced: before.referenced.map(tableName),
    plan,
    ...(isQuery ? { outputNames: names } : {}),
  };
}

const distinct = (refs: readonly TableRef[]): readonly TableRef[] => [
  ...new Map(refs.map((ref) => [tableName(ref), ref])).values(),
];

const unmaskable: Refusal = {
  code: 'disagreement',
  location: 'query',
  message:
    'The query could not be rewritten to masked values beyond doubt, so it does not run. Write it more simply, without the sensitive tables.',
};

function recognized(
  script: Script,
  statements: readonly StatementAnalysis[],
  catalog: Catalog,
  problem: Refusal | undefined,
): Understanding {
  const touched = statements.flatMap((statement) => [...statement.reads, ...statement.writes]);
  return {
    kind: 'recognized',
    statements,
    statementType: statements.length === 1 ? (statements[0]?.statementType ?? 'SCRIPT') : 'SCRIPT',
    canonicalSql: printScript(script),
    catalog,
    reads: distinct(touched),
    tables: [...touched, ...statements.flatMap((statement) => statement.referenced)].map(tableName),
    referenced: statements.flatMap((statement) => statement.referenced.map(tableName)),
    plan: { columns: [] },
    ...(problem ? { problem } : {}),
  };
}

/**
 * Parameters of the gateway's own carry the masking key into the warehouse: a text that names one would read it, so no text
 * of an agent's may.
 */
function reservedParameter(script: Script): Refusal | undefined {
  let found: string | undefined;
  visit(script, (node) => {
    if (node.kind === 'Parameter' && isReservedParameter(node.name)) found ??= node.name;
  });
  return found === undefined ? undefined : reservedName(`@${found}`);
}

const reservedName = (label: string): Refusal => ({
  code: 'invalid_query',
  location: 'query',
  message: `Parameter ${label}: names that begin with sluice_ are reserved; choose another.`,
});

/** Names of table functions are those of functions; what they are given are tables, models and graphs. */
const isTable = ({ role }: NamedObject): boolean => role !== 'TVF';

/** Every name in table position, as its parts. CTEs and arrays are among them. */
function tableNames(script: Script): readonly (readonly string[])[] {
  const names: string[][] = [];
  const add = (path: { readonly parts: readonly { readonly name: string }[] }): void => {
    names.push(path.parts.map((part) => part.name));
  };
  for (const statement of script.statements) {
    const named = isQueryOrDml(statement) ? namesIn(statement).filter(isTable) : namesIn(statement);
    for (const { path } of named) add(path);
  }
  return names;
}

/** The first parameter of the text that the request gives no value. */
function undeclared(analysis: StatementAnalysis, declared: DeclaredParameters): Refusal | undefined {
  for (const { name, position } of analysis.parameters) {
    const known =
      name === undefined ? declared.positional?.[(position ?? 0) - 1] : declared.named?.[name.toLowerCase()];
    if (known !== undefined) continue;
    const label = name === undefined ? `number ${position}` : `'${name}'`;
    const message = `Query parameter ${label} not found; send it in queryParameters with its type and value.`;
    return { code: 'invalid_query', location: 'query', message };
  }
  return undefined;
}

/** The declared types of the agent's parameters, or what is wrong with one of them. */
function declaredTypes(parameters: Query['request']['parameters']): DeclaredParameters | Refusal {
  const named: Record<string, SqlType> = {};
  const positional: SqlType[] = [];
  for (const [index, parameter] of parameters.entries()) {
    const label = parameter.name === undefined ? `number ${index + 1}` : `@${parameter.name}`;
    if (parameter.name !== undefined && isReservedParameter(parameter.name)) {
      return reservedName(label);
    }
    const type = parameterSqlType(parameter.type);
    if (type === undefined) {
      return {
        code: 'invalid',
        location: 'queryParameters',
        message: `Parameter ${label} has no type that BigQuery knows (${parameter.type.type}).`,
      };
    }
    if (parameter.name === undefined) positional.push(type);
    else named[parameter.name.toLowerCase()] = type;
  }
  return { named, positional };
}

/** The canonical text has named parameters only, and may use the masking key. */
function canonicalTypes(query: Query, declared: DeclaredParameters): DeclaredParameters {
  const named: Record<string, SqlType> = { ...declared.named, [maskKeyParameter]: STRING };
  for (const [name, position] of positions(query)) {
    const type = declared.positional?.[position - 1];
    if (type) named[name] = type;
  }
  return { named };
}

const positionalNames = (query: Query): ReadonlyMap<number, string> =>
  new Map(positions(query).map(([name, position]) => [position, name]));

function positions(query: Query): (readonly [string, number])[] {
  const named = namedParameters(query.request.parameters);
  return query.request.parameters.flatMap((parameter, index) =>
    parameter.name === undefined ? [[named[index]?.name ?? '', index + 1] as const] : [],
  );
}
