import type {
  DescribeStatement,
  ImportStatement,
  Path,
  ShowStatement,
  UtilityStatement,
} from '../ast/index.ts';
import { clause } from './create-clauses.ts';
import { printName, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';
import { printLiteral } from './literals.ts';
import { printOptions, printOptionsList } from './options.ts';
import { printStatementIn } from './statements.ts';

const names = (list: readonly Parameters<typeof printName>[0][]): string => list.map(printName).join(', ');

const pathText = (path: Path | undefined): string | undefined =>
  path === undefined ? undefined : printPath(path);

/** Statements that tell about a text or run one. */
export function printUtility(node: UtilityStatement, layout: Layout): string {
  switch (node.kind) {
    case 'ExplainStatement':
      return `EXPLAIN ${printStatementIn(node.statement, layout)}`;
    case 'DescribeStatement':
      return printDescribe(node);
    case 'ShowStatement':
      return printShow(node);
    case 'AnalyzeStatement': {
      const tables = node.tables.map(({ name, columns }) => {
        const list = columns.length === 0 ? '' : ` (${names(columns)})`;
        return printPath(name.path) + list;
      });
      const list = tables.length === 0 ? '' : ` ${tables.join(', ')}`;
      return `ANALYZE${printOptions(node.options, layout)}${list}`;
    }
    case 'StartBatchStatement':
      return `START BATCH${node.type === undefined ? '' : ` ${printName(node.type)}`}`;
    case 'RunBatchStatement':
      return 'RUN BATCH';
    case 'AbortBatchStatement':
      return 'ABORT BATCH';
    case 'RunStatement': {
      const script =
        node.script.kind === 'ObjectName' ? printPath(node.script.path) : printLiteral(node.script);
      const list = node.arguments.map(({ name, value }) => `${printName(name)} => ${printLiteral(value)}`);
      return `RUN ${script} (${list.join(', ')})`;
    }
    case 'RenameStatement':
      return `RENAME ${printName(node.objectType)} ${printPath(node.name.path)} TO ${printPath(node.newName)}`;
    case 'ImportStatement':
      return printImport(node, layout);
    case 'ModuleStatement':
      return `MODULE ${printPath(node.name.path)}${printOptions(node.options, layout)}`;
    case 'DefineTableStatement':
      return `DEFINE TABLE ${printPath(node.name.path)} ${printOptionsList(node.options, layout)}`;
  }
}

function printDescribe(node: DescribeStatement): string {
  const type = node.objectType === undefined ? '' : `${printName(node.objectType)} `;
  return `DESCRIBE ${type}${printPath(node.name.path)}${clause('FROM', pathText(node.from))}`;
}

function printShow(node: ShowStatement): string {
  const target = node.target.length === 2 ? 'MATERIALIZED VIEWS' : names(node.target);
  const like = node.like === undefined ? undefined : printLiteral(node.like);
  return `SHOW ${target}${clause('FROM', pathText(node.from?.path))}${clause('LIKE', like)}`;
}

function printImport(node: ImportStatement, layout: Layout): string {
  const name = node.name.kind === 'ObjectName' ? printPath(node.name.path) : printLiteral(node.name);
  const alias = clause('AS', node.alias && printName(node.alias));
  const into = clause('INTO', node.into && printName(node.into));
  return `IMPORT ${node.type} ${name}${alias}${into}${printOptions(node.options, layout)}`;
}
