import type {
  CreateFunctionStatement,
  CreateModelStatement,
  CreateProcedureStatement,
  CreateTableFunctionStatement,
  Identifier,
  Literal,
  TableElement,
} from '../ast/index.ts';
import { printTableElements } from './columns.ts';
import {
  clause,
  printConnection,
  printHead,
  printParameters,
  printSecurity,
  printTableType,
} from './create-clauses.ts';
import { printAny, printName, printSubquery } from './expressions.ts';
import { inner, type Layout } from './layout.ts';
import { printLiteral } from './literals.ts';
import { printOptions } from './options.ts';
import { printDepth, printItems, printQuery, printSelectItem } from './queries.ts';
import { printStatementIn } from './statements.ts';
import { printType } from './types.ts';

const languageText = (language: Identifier | undefined): string =>
  clause('LANGUAGE', language === undefined ? undefined : printName(language));

/** The code of another language, on a line of its own. */
const codeText = (code: Literal | undefined, layout: Layout): string =>
  code === undefined ? '' : `${layout.newline}AS ${printLiteral(code)}`;

export function printFunction(node: CreateFunctionStatement, layout: Layout): string {
  const body = node.body === undefined ? '' : `${layout.newline}AS (${printAny(node.body, layout)})`;
  return [
    printHead(node, node.aggregate ? 'AGGREGATE FUNCTION' : 'FUNCTION'),
    printParameters(node.parameters, layout),
    clause('RETURNS', node.returns === undefined ? undefined : printType(node.returns)),
    printSecurity(node.security, 'SQL'),
    node.determinism === undefined ? '' : ` ${node.determinism}`,
    languageText(node.language),
    node.remote ? ' REMOTE' : '',
    printConnection(node.connection),
    printOptions(node.options, layout),
    body,
    codeText(node.code, layout),
  ].join('');
}

export function printTableFunction(node: CreateTableFunctionStatement, layout: Layout): string {
  const query =
    node.query === undefined ? '' : `${layout.newline}AS${layout.newline}${printQuery(node.query, layout)}`;
  return [
    printHead(node, 'TABLE FUNCTION'),
    printParameters(node.parameters, layout),
    clause('RETURNS', node.returns === undefined ? undefined : printTableType(node.returns)),
    printSecurity(node.security, 'SQL'),
    languageText(node.language),
    printOptions(node.options, layout),
    query,
    codeText(node.code, layout),
  ].join('');
}

export function printProcedure(node: CreateProcedureStatement, layout: Layout): string {
  const body = node.body === undefined ? '' : `${layout.newline}${printStatementIn(node.body, layout)}`;
  return [
    printHead(node, 'PROCEDURE'),
    printParameters(node.parameters, layout),
    printSecurity(node.security, 'EXTERNAL'),
    printConnection(node.connection),
    printOptions(node.options, layout),
    body,
    languageText(node.language),
    codeText(node.code, layout),
  ].join('');
}

export function printModel(node: CreateModelStatement, layout: Layout): string {
  return [
    printHead(node, 'MODEL'),
    columnsText('INPUT', node.input, layout),
    columnsText('OUTPUT', node.output, layout),
    transformText(node, layout),
    node.remote ? ' REMOTE' : '',
    printConnection(node.connection),
    printOptions(node.options, layout),
    madeFrom(node, layout),
  ].join('');
}

const columnsText = (word: string, elements: readonly TableElement[] | undefined, layout: Layout): string =>
  clause(word, elements === undefined ? undefined : printTableElements(elements, layout));

function transformText({ transform }: CreateModelStatement, layout: Layout): string {
  if (transform === undefined) return '';
  const deeper = inner(layout);
  const items = transform.map((item) => printSelectItem(item, deeper));
  return `${layout.newline}TRANSFORM (${printItems(items, layout).trimStart()})`;
}

function madeFrom({ query, queries }: CreateModelStatement, layout: Layout): string {
  if (query !== undefined) return `${layout.newline}AS${layout.newline}${printQuery(query, layout)}`;
  if (queries === undefined) return '';
  const deeper = inner(layout);
  const items = queries.map(({ name, query: part, depth }) => {
    const modifier = depth === undefined ? '' : ` ${printDepth(depth, deeper)}`;
    return `${deeper.newline}${printName(name)} AS ${printSubquery(part, deeper)}${modifier}`;
  });
  return `${layout.newline}AS (${items.join(',')}${layout.newline})`;
}
