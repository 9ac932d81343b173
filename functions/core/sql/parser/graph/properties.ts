import type {
  GraphElementLabel,
  GraphElementLabels,
  GraphProperties,
  GraphProperty,
} from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { closeList, failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { optionalOptions } from '../options.ts';
import { columnList } from '../set-operations.ts';
import { optionalAs } from './operators.ts';

/** The labels of an element with the properties of each, or the properties of its default label. */
export function elementLabels(cursor: Cursor): GraphElementLabels {
  const properties = optionalProperties(cursor);
  if (properties !== undefined) return { form: 'DEFAULT', properties };
  const labels: GraphElementLabel[] = [];
  while (cursor.isWord('LABEL') || cursor.isWord('DEFAULT')) labels.push(elementLabel(cursor));
  return labels.length === 0 ? { form: 'DEFAULT' } : { form: 'LABELS', labels };
}

function elementLabel(cursor: Cursor): GraphElementLabel {
  const { start } = cursor.token;
  const named = labelHead(cursor);
  const properties = optionalProperties(cursor);
  return {
    kind: 'GraphElementLabel',
    span: cursor.spanFrom(start),
    ...named,
    ...(properties === undefined ? {} : { properties }),
  };
}

/** `LABEL name` or `DEFAULT LABEL OPTIONS (...)` */
function labelHead(cursor: Cursor): Pick<GraphElementLabel, 'name' | 'options'> {
  if (cursor.takeWord('LABEL')) return { name: cursor.name() };
  cursor.expectWord('DEFAULT');
  cursor.expectWord('LABEL');
  return optionalOptions(cursor);
}

function optionalProperties(cursor: Cursor): GraphProperties | undefined {
  const { start } = cursor.token;
  if (cursor.takeWord('NO')) {
    cursor.expectWord('PROPERTIES');
    return { kind: 'NoProperties', span: cursor.spanFrom(start) };
  }
  if (!cursor.takeWord('PROPERTIES')) return undefined;
  if (cursor.takeOp('(')) {
    const items = commaList(cursor, property);
    closeList(cursor);
    return { kind: 'PropertyList', span: cursor.spanFrom(start), items };
  }
  const are = cursor.takeWord('ARE');
  if (!cursor.isWord('ALL'))
    return are ? failExpected(cursor, 'ALL') : failExpected(cursor, '(', 'ALL', 'ARE');
  cursor.advance();
  cursor.expectWord('COLUMNS');
  const except = cursor.takeWord('EXCEPT') ? { except: columnList(cursor) } : {};
  return { kind: 'AllColumns', span: cursor.spanFrom(start), ...except };
}

function property(cursor: Cursor): GraphProperty {
  const { start } = cursor.token;
  const value = parseExpression(cursor);
  const alias = optionalAs(cursor);
  const options = optionalOptions(cursor);
  return { kind: 'GraphProperty', span: cursor.spanFrom(start), value, ...alias, ...options };
}
