import type { StatementAnalysis } from '../../analysis.ts';
import type { Expression, Statement } from '../../ast/index.ts';
import type { CallStatement, ExecuteImmediateStatement } from '../../ast/script.ts';
import { type TableRef, tableName } from '../../catalog.ts';
import { parseGoogleSql } from '../../parser/parse.ts';
import type { SqlError } from '../../sql-error.ts';
import type { Draft } from '../draft.ts';
import { fail, ResolveFailure, unsupported } from '../failure.ts';
import { findRoutine, type Routine } from '../routines.ts';
import { countExpansion, newColumn } from '../session.ts';
import type { Guard } from '../statement.ts';
import { resolveDeclaredType } from '../type-node.ts';
import { addSources, type Variable, variableOf } from './environment.ts';
import type { ScriptWalk } from './walk.ts';

const MAX_DEPTH = 16;

/** Statements that run others: EXECUTE IMMEDIATE of a text, CALL of a procedure. What these do is theirs too. */
export function runInside(
  walk: ScriptWalk,
  statement: Statement,
  analysis: StatementAnalysis,
  draft: Draft,
  guard: Guard,
): StatementAnalysis {
  if (statement.kind !== 'ExecuteImmediateStatement' && statement.kind !== 'CallStatement') return analysis;
  const inner: StatementAnalysis[] = [];
  const refusal = guard(() => {
    const done =
      statement.kind === 'CallStatement'
        ? callProcedure(walk, statement, draft)
        : executeText(walk, statement, draft);
    inner.push(...done);
    const [problem] = done.flatMap((a) => a.refusals);
    if (problem) refuseInside(statement, problem);
  });
  const merged = withInner(analysis, inner);
  return refusal ? { ...merged, refusals: [refusal] } : merged;
}

function refuseInside(statement: Statement, problem: SqlError): never {
  throw new ResolveFailure(problem.kind, `Inside: ${problem.message}`, statement.span.start, problem.subject);
}

/** A text that is written down; one that is put together while it runs cannot be known. */
function literalText(e: Expression): string | undefined {
  return e.kind === 'StringLiteral' ? e.value : undefined;
}

function executeText(
  walk: ScriptWalk,
  statement: ExecuteImmediateStatement,
  draft: Draft,
): StatementAnalysis[] {
  const text = literalText(statement.sql);
  if (text === undefined)
    return unsupported(
      statement.sql,
      'EXECUTE IMMEDIATE',
      'EXECUTE IMMEDIATE of a computed text is not supported',
    );
  if (walk.running.length >= MAX_DEPTH)
    fail(statement, `Texts run inside each other deeper than ${MAX_DEPTH}`);
  countExpansion(walk.tally, text.length);
  const parsed = parseGoogleSql(text);
  if (!parsed.ok) return fail(statement.sql, `EXECUTE IMMEDIATE: ${parsed.error.message}`);
  const [foreign] = parsed.value.foreign;
  if (foreign) unsupported(statement.sql, foreign.subject);
  const inside = walk.inside('EXECUTE IMMEDIATE');
  const { environment } = walk;
  const values = draft.values.slice(1);
  environment.enterBlock();
  for (const [i, argument] of statement.using.entries()) {
    const name = argument.alias ? `@${argument.alias.name}` : `?${i + 1}`;
    const type = values[i]?.type;
    if (type === undefined) continue;
    const variable = variableOf(name, newColumn(inside.session(), name, type));
    addSources(variable.sources, values[i]?.sources ?? []);
    environment.declare(variable);
  }
  inside.statements(parsed.value.statements, inside.world.guardFor(text));
  environment.leaveBlock();
  const outputs = inside.analyses.at(-1)?.output ?? [];
  for (const [i, { name }] of statement.into.entries()) environment.assign(name, outputs[i]?.sources ?? []);
  return inside.analyses;
}

function callProcedure(walk: ScriptWalk, statement: CallStatement, draft: Draft): StatementAnalysis[] {
  const { path } = statement.procedure;
  const routine = findRoutine(path, walk.session());
  const written = path.parts.map((p) => p.name).join('.');
  if (routine?.statement.kind !== 'CreateProcedureStatement')
    return unsupported(statement, written, `Procedure ${written} is not known`);
  const { body, parameters } = routine.statement;
  if (body === undefined)
    return unsupported(statement, written, `Procedure ${written} is not written in SQL`);
  if (walk.running.includes(routine.name) || walk.running.length >= MAX_DEPTH)
    fail(statement, `Procedure ${written} calls itself, or calls are nested too deep`);
  if (parameters.length !== statement.arguments.length)
    fail(
      statement,
      `Procedure ${written} takes ${parameters.length} arguments, not ${statement.arguments.length}`,
    );
  const { start, end } = routine.statement.span;
  countExpansion(walk.tally, end - start);
  const inside = walk.inside(routine.name);
  const { environment } = walk;
  const results: { readonly to: string; readonly from: Variable }[] = [];
  environment.enterRoutine();
  for (const [i, p] of parameters.entries()) {
    const given = draft.values[i];
    const name = p.name?.name ?? '';
    const type =
      p.type.kind === 'TemplatedType' || p.type.kind === 'TableType'
        ? given?.type
        : resolveDeclaredType(p.type);
    if (type === undefined) continue;
    const variable = variableOf(name, newColumn(inside.session(), name, type));
    if (p.mode !== 'OUT') addSources(variable.sources, given?.sources ?? []);
    environment.declare(variable);
    const target = variableName(statement.arguments[i]);
    if (p.mode !== undefined && p.mode !== 'IN' && target) results.push({ to: target, from: variable });
  }
  inside.statements([body], guardAt(statement, routine));
  environment.leaveRoutine();
  for (const { to, from } of results) environment.assign(to, from.sources.values());
  return inside.analyses;
}

function variableName(argument: CallStatement['arguments'][number] | undefined): string | undefined {
  const value = argument?.kind === 'PlainArgument' ? argument.value : undefined;
  return value?.kind === 'PathExpression' && value.path.parts.length === 1
    ? value.path.parts[0]?.name
    : undefined;
}

/** A procedure's text is not at hand: its failures are told without a place, and then at the call. */
const guardAt =
  (statement: Statement, routine: Routine): Guard =>
  (run) => {
    try {
      run();
      return undefined;
    } catch (error) {
      if (!(error instanceof ResolveFailure)) throw error;
      const message = `Invalid routine ${routine.name}: ${error.message}`;
      const base = { kind: error.kind, message, line: 1, column: statement.span.start + 1 };
      return error.subject === undefined ? base : { ...base, subject: error.subject };
    }
  };

const unique = (refs: readonly TableRef[]): TableRef[] => [
  ...new Map(refs.map((ref) => [tableName(ref), ref])).values(),
];

/** The analysis with everything that the statements inside read and write. */
function withInner(outer: StatementAnalysis, inner: readonly StatementAnalysis[]): StatementAnalysis {
  const all = [outer, ...inner];
  return {
    ...outer,
    named: unique(all.flatMap((a) => a.named)),
    irreplaceable: unique([...outer.irreplaceable, ...inner.flatMap((a) => a.named)]),
    referenced: unique(all.flatMap((a) => a.referenced)),
    reads: unique(all.flatMap((a) => a.reads)),
    writes: unique(all.flatMap((a) => a.writes)),
    clauseReads: all.flatMap((a) => a.clauseReads),
    columnReads: all.flatMap((a) => a.columnReads),
    functions: [...new Set(all.flatMap((a) => a.functions))],
    routines: [...new Set(all.flatMap((a) => a.routines))],
  };
}
