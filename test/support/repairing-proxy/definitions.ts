import type {
  CreateFunctionStatement,
  CreateTableFunctionStatement,
  Span,
} from '../../../functions/core/sql/ast/index.ts';
import { parseScript } from '../../../functions/core/sql/parser/parse.ts';
import type { ColumnFacts } from './columns.ts';
import { keyOf } from './places.ts';
import type { TableReference } from './wire.ts';

/** A routine as its CREATE statement defines it. */
export type Routine = {
  readonly projectId: string;
  readonly datasetId: string;
  readonly routineId: string;
  readonly type: 'SCALAR_FUNCTION' | 'TABLE_VALUED_FUNCTION' | 'PROCEDURE';
  readonly language: string;
  readonly definitionBody: string;
  readonly arguments: readonly { readonly name: string; readonly typeText: string }[];
  readonly returnTypeText?: string;
  /** the whole statement, and where the routine's name is in it */
  readonly createText: string;
  readonly nameSpan: Span;
  readonly createdMs: number;
};

/** Definitions that the emulator does not give back as they were made: views, routines, some of columns. */
export type Definitions = {
  readonly views: Map<string, string>;
  readonly routines: Map<string, Routine>;
  readonly columns: Map<string, ColumnFacts>;
  forgetDataset(project: string, dataset: string): void;
};

export function newDefinitions(): Definitions {
  const views = new Map<string, string>();
  const routines = new Map<string, Routine>();
  const columns = new Map<string, ColumnFacts>();
  return {
    views,
    routines,
    columns,
    forgetDataset(project, dataset) {
      for (const map of [views, routines, columns]) {
        for (const key of map.keys()) if (key.startsWith(`${project}.${dataset}.`)) map.delete(key);
      }
    },
  };
}

/** The query of a CREATE VIEW as it was written. */
export function viewQuery(text: string): string | undefined {
  const parsed = parseScript(text);
  const statement = parsed.ok ? parsed.value.statements[0] : undefined;
  if (statement?.kind !== 'CreateViewStatement' && statement?.kind !== 'CreateMaterializedViewStatement')
    return undefined;
  const { query } = statement;
  return query && text.slice(query.span.start, query.span.end);
}

/** The routine that a CREATE statement makes; `place` is where its name leads. */
export function routineOf(text: string, place: TableReference): Routine | undefined {
  const parsed = parseScript(text);
  const statement = parsed.ok ? parsed.value.statements[0] : undefined;
  if (statement === undefined) return undefined;
  const slice = (span: Span): string => text.slice(span.start, span.end);
  const { projectId, datasetId, tableId: routineId } = place;
  const base = { projectId, datasetId, routineId, createText: slice(statement.span), createdMs: Date.now() };
  const from = statement.span.start;
  switch (statement.kind) {
    case 'CreateFunctionStatement':
    case 'CreateTableFunctionStatement': {
      const code = bodyOf(statement);
      return {
        ...base,
        type: statement.kind === 'CreateFunctionStatement' ? 'SCALAR_FUNCTION' : 'TABLE_VALUED_FUNCTION',
        language: statement.language?.name.toUpperCase() ?? 'SQL',
        definitionBody: code === undefined ? '' : slice(code),
        arguments: statement.parameters.map((parameter) => ({
          name: parameter.name?.name ?? '',
          typeText: slice(parameter.type.span),
        })),
        ...(statement.kind === 'CreateFunctionStatement' && statement.returns
          ? { returnTypeText: slice(statement.returns.span) }
          : {}),
        nameSpan: { start: statement.name.path.span.start - from, end: statement.name.path.span.end - from },
      };
    }
    default:
      return undefined;
  }
}

const bodyOf = (statement: CreateFunctionStatement | CreateTableFunctionStatement): Span | undefined =>
  statement.kind === 'CreateFunctionStatement'
    ? (statement.body?.span ?? statement.code?.span)
    : statement.query?.span;

/** A CREATE FUNCTION under another name, for the referee's catalog. */
export const renamed = ({ createText, nameSpan }: Routine, name: string): string =>
  createText.slice(0, nameSpan.start) + name + createText.slice(nameSpan.end);

export const routineKey = (place: TableReference): string => keyOf(place);
