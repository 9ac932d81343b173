import type { Refusal } from '../errors.ts';
import type { StatementAnalysis } from '../sql/analysis.ts';
import { analyzeView } from '../sql/analyze.ts';
import type {
  DeleteStatement,
  InsertStatement,
  MergeStatement,
  Path,
  Span,
  Statement,
  UpdateStatement,
} from '../sql/ast/index.ts';
import { isQueryOrDml } from '../sql/ast/names.ts';
import { type Catalog, type CatalogTable, type TableRef, tableName } from '../sql/catalog.ts';
import type { MaskingPlan } from './plan.ts';
import { type Masked, type MaskingContext, maskTree } from './rewrite.ts';

export type StatementContext = MaskingContext & {
  readonly table: (ref: TableRef) => CatalogTable | undefined;
};

export type MaskedStatement = Masked<Statement>;

/** What the reader may see, and the snapshot in which views are understood. */
export function maskingContext(
  catalog: Catalog,
  maskingFor: (table: CatalogTable) => MaskingPlan,
): StatementContext {
  return {
    table: (ref) => catalog.table(ref),
    maskingFor,
    analyzeView: (view) => {
      const analyzed = analyzeView(view, catalog);
      if (!analyzed.ok) return { problem: analyzed.error.message };
      const { statement, uses, refusals } = analyzed.value;
      const problem = refusals[0]?.message ?? unreplaceable(analyzed.value);
      if (problem !== undefined) return { problem };
      if (statement.kind !== 'QueryStatement') return { problem: 'it is not one query' };
      return { query: statement.query, uses };
    },
  };
}

const refuse = (message: string): MaskedStatement => ({
  ok: false,
  refusal: { code: 'policy_denied', message, location: 'query' } satisfies Refusal,
});

/**
 * What reads a table where no query can stand instead of it, in the text itself or in a view's definition. A routine's own
 * text cannot be rewritten to read masked values, and what code in it does is not known.
 */
function unreplaceable({ irreplaceable, routines }: StatementAnalysis): string | undefined {
  const [[fixed], [routine]] = [irreplaceable, routines];
  if (fixed !== undefined)
    return `${tableName(fixed)} is read where it cannot be masked; read it in a FROM clause`;
  if (routine === undefined) return undefined;
  return `the routine ${routine} cannot be called; write what it does into the query`;
}

/**
 * Rewrites an analyzed statement so that it reads masked values only, every table under its full name. Queries and the
 * queries inside of INSERT, UPDATE, DELETE and MERGE are rewritten; a write that looks at sensitive columns of its own
 * target is refused, since a target cannot be replaced. Other statements are refused by name.
 */
export function maskStatement(analysis: StatementAnalysis, context: StatementContext): MaskedStatement {
  const { statement, statementType, uses, refusals } = analysis;
  if (refusals[0] !== undefined) return refuse(refusals[0].message);
  const fixed = unreplaceable(analysis);
  if (fixed !== undefined) return refuse(fixed);
  if (statement.kind === 'QueryStatement') return maskTree(statement, uses, context);
  if (isWrite(statement)) return maskWrite(statement, analysis, context);
  return refuse(`${statementType} cannot be rewritten to read masked values; send a SELECT`);
}

type Write = InsertStatement | UpdateStatement | DeleteStatement | MergeStatement;

const isWrite = (statement: Statement): statement is Write =>
  isQueryOrDml(statement) && statement.kind !== 'QueryStatement';

function maskWrite(
  statement: Write,
  analysis: StatementAnalysis,
  context: StatementContext,
): MaskedStatement {
  const [target, ...others] = analysis.writes;
  if (target === undefined || others.length > 0) {
    return refuse(`the target of this ${analysis.statementType} is not understood; name one table in full`);
  }
  const problem = targetProblem(target, analysis, context);
  if (problem !== undefined) return refuse(problem);
  const masked = maskTree(statement, analysis.uses, context);
  if (!masked.ok) return masked;
  const path = fullTarget(statement.target.span, target);
  return { ...masked, value: { ...masked.value, target: path } };
}

/** A sensitive column of the target that the statement looks at. */
function targetProblem(
  target: TableRef,
  analysis: StatementAnalysis,
  context: StatementContext,
): string | undefined {
  const name = tableName(target);
  const table = context.table(target);
  if (table === undefined) return `the target ${name} does not exist; check its name`;
  const masked = new Set(context.maskingFor(table).columns.map((column) => column.path[0]?.toLowerCase()));
  const read = analysis.clauseReads.find(
    (each) => tableName(each.table) === name && masked.has(each.column.toLowerCase()),
  );
  if (read === undefined || analysis.statementType === 'INSERT') return undefined;
  return `${analysis.statementType} looks at the sensitive column ${read.column} of ${name}; choose its rows by other columns`;
}

function fullTarget(span: Span, { project, dataset, table }: TableRef): Path {
  return {
    kind: 'Path',
    span,
    parts: [project, dataset, table].map((name) => ({ kind: 'Identifier', span, name, quoted: true })),
  };
}
