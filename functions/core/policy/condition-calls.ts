import { boolShape, intShape, type Shape, shapeText, stringShape } from './shape.ts';

type Fail = (message: string) => never;

const symbols: Readonly<Record<string, string>> = {
  '@in': 'in',
  '!_': '!',
  '-_': '-',
  '_[_]': '[...]',
  '_?_:_': '?:',
};
const symbolOf = (name: string): string => symbols[name] ?? name.replaceAll('_', '');

const isNumber = (shape: Shape | undefined): boolean => shape?.kind === 'int' || shape?.kind === 'double';

/** Two values that can ever be equal. Comparing others is always false, which is never what the writer meant. */
function comparable(a: Shape | undefined, b: Shape | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  if (isNumber(a) && isNumber(b)) return true;
  if (a.kind === 'list' && b.kind === 'list') return comparable(a.element, b.element);
  return a.kind === b.kind && a.kind !== 'record';
}

function arithmetic(symbol: string, a: Shape, b: Shape | undefined, fail: Fail): Shape {
  if (a.kind === 'int' && (b === undefined || b.kind === 'int')) return a;
  if (a.kind === 'double' && (b === undefined || b.kind === 'double')) return a;
  if (symbol === '+' && a.kind === 'string' && b?.kind === 'string') return a;
  if (symbol === '+' && a.kind === 'list' && b?.kind === 'list' && comparable(a.element, b.element)) {
    return { kind: 'list', element: a.element ?? b.element, limit: a.limit + b.limit };
  }
  return fail(`'${symbol}' does not take ${[a, b].flatMap((s) => (s ? [shapeText(s)] : [])).join(' and ')}`);
}

function method(name: string, operands: readonly Shape[], fail: Fail): Shape {
  const [target, argument] = operands;
  if (target?.kind !== 'string' || argument?.kind !== 'string' || operands.length !== 2) {
    fail(`'${name}' is asked of a string, with a string: 'text'.${name}('...')`);
  }
  return boolShape;
}

function conversion(name: string, operands: readonly Shape[], fail: Fail): Shape {
  const [value] = operands;
  if (operands.length !== 1 || value === undefined || value.kind === 'list' || value.kind === 'record') {
    fail(`'${name}' takes one number, string or truth value`);
  }
  if (name === 'int') return intShape;
  return name === 'string' ? stringShape : { kind: 'double' };
}

/** What a function or operator gives for these operands. A closed list: what is not here is refused. */
export function callShape(name: string, isMethod: boolean, operands: readonly Shape[], fail: Fail): Shape {
  const [a, b, c] = operands;
  const symbol = symbolOf(name);
  switch (name) {
    case '_&&_':
    case '_||_':
    case '!_':
    case '@not_strictly_false':
      if (operands.some((each) => each.kind !== 'bool')) fail(`'${symbol}' takes conditions (true or false)`);
      return boolShape;
    case '_==_':
    case '_!=_':
      if (!comparable(a, b))
        fail(`'${symbol}' compares ${operands.map(shapeText).join(' with ')}, never equal`);
      return boolShape;
    case '_<_':
    case '_<=_':
    case '_>_':
    case '_>=_':
      if (!(isNumber(a) && isNumber(b)) && !(a?.kind === 'string' && b?.kind === 'string')) {
        fail(
          `'${symbol}' compares numbers or strings, and these are ${operands.map(shapeText).join(' and ')}`,
        );
      }
      return boolShape;
    case '@in':
      if (b?.kind !== 'list' || !comparable(a, b.element)) {
        fail(
          `'in' asks for a value in a list of such values, and these are ${operands.map(shapeText).join(' and ')}`,
        );
      }
      return boolShape;
    case '_+_':
    case '_-_':
    case '_*_':
    case '_/_':
    case '_%_':
    case '-_':
      return a === undefined ? fail(`'${symbol}' needs a value`) : arithmetic(symbol, a, b, fail);
    case '_?_:_':
      if (a?.kind !== 'bool' || b === undefined || !comparable(b, c)) {
        fail('a ? b : c takes a condition and two values of one type');
      }
      return b as Shape;
    case '_[_]':
      if (a?.kind !== 'list' || b?.kind !== 'int') fail('[...] takes a list and a whole number');
      return (a as Extract<Shape, { kind: 'list' }>).element ?? fail('an empty list has no elements');
    case 'size':
      if (operands.length !== 1 || (a?.kind !== 'list' && a?.kind !== 'string'))
        fail("'size' takes a list or a string");
      return intShape;
    case 'startsWith':
    case 'endsWith':
    case 'contains':
    case 'matches':
      return isMethod ? method(name, operands, fail) : fail(`write 'text'.${name}('...')`);
    case 'int':
    case 'double':
    case 'string':
      return conversion(name, operands, fail);
    default:
      return fail(`the function '${symbol}' is not available; docs/POLICY.md lists those that are`);
  }
}
