import type { Statement } from '../ast/index.ts';
import {
  isAccess,
  isAlter,
  isCreate,
  isData,
  isDml,
  isDrop,
  isScript,
  isUtility,
} from '../ast/statement-kinds.ts';
import { printAccess } from './access.ts';
import { printAlter } from './alter.ts';
import { printCreate } from './create.ts';
import { printData } from './data.ts';
import { printDml } from './dml.ts';
import { printDrop } from './drop.ts';
import { printCreateGraph } from './graph/create.ts';
import { printHint } from './hints.ts';
import { type Layout, outermost } from './layout.ts';
import { printOperators } from './pipes.ts';
import { printQuery } from './queries.ts';
import { printScriptStatement } from './script.ts';
import { printUtility } from './utility.ts';

/** One statement, without its `;`. */
export function printStatementIn(statement: Statement, layout: Layout = outermost): string {
  if (isDml(statement)) return printDml(statement, layout);
  if (isCreate(statement)) return printCreate(statement, layout);
  if (isDrop(statement)) return printDrop(statement, layout);
  if (isAlter(statement)) return printAlter(statement, layout);
  if (isAccess(statement)) return printAccess(statement, layout);
  if (isData(statement)) return printData(statement, layout);
  if (isUtility(statement)) return printUtility(statement, layout);
  if (isScript(statement)) return printScriptStatement(statement, layout);
  switch (statement.kind) {
    case 'QueryStatement':
      return printQuery(statement.query, layout);
    case 'SubpipelineStatement':
      return printOperators(statement.pipeline.pipes, layout);
    case 'StatementWithPipeOperators': {
      const operators = printStatementIn(statement.suffix, layout);
      return `${printStatementIn(statement.statement, layout)}${layout.newline}${operators}`;
    }
    case 'CreatePropertyGraphStatement':
    case 'CreatePropertyGraphTypeStatement':
      return printCreateGraph(statement, layout);
    case 'HintedStatement':
      return `${printHint(statement.hint, layout)}${layout.newline}${printStatementIn(statement.statement, layout)}`;
  }
}
