import type { Expr, SourceInfo } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';
import { callShape } from './condition-calls.ts';
import { ConditionError } from './condition-error.ts';
import { environment, type Shape, shapeText } from './shape.ts';

/** One loop inside another, no deeper: CEL itself has no limit, and three nested loops over 200 items take seconds. */
const loopLimit = 2;
const depthLimit = 48;
const nodeLimit = 1000;
/** Steps that one evaluation may take at the most, from the lists' limits. A step is a few hundred nanoseconds. */
const stepLimit = 4_000_000;

type Context = {
  readonly info: SourceInfo;
  readonly variables: ReadonlyMap<string, Shape>;
  readonly depth: number;
  readonly loops: number;
  /** How often this place can run in one evaluation. */
  readonly times: number;
  readonly count: { nodes: number; steps: number };
};

/** The shape of a whole condition; throws ConditionError with its place for anything unknown, mistyped or unbounded. */
export function checkCondition(expression: Expr, info: SourceInfo): Shape {
  const count = { nodes: 0, steps: 0 };
  const variables = new Map(Object.entries(environment));
  return shapeOf(expression, { info, variables, depth: 0, loops: 0, times: 1, count });
}

function shapeOf(node: Expr, context: Context): Shape {
  const offset = context.info.positions[node.id.toString()] ?? 0;
  const fail = (message: string): never => {
    throw new ConditionError(message, offset);
  };
  const { count } = context;
  count.nodes += 1;
  count.steps += context.times;
  if (context.depth > depthLimit) fail(`nests deeper than ${depthLimit} levels; split the rule in two`);
  if (count.nodes > nodeLimit) fail(`has more than ${nodeLimit} parts; split the rule in two`);
  if (count.steps > stepLimit) {
    fail('can take too many steps on a large query; loop over a shorter list, or over one list at a time');
  }
  const below: Context = { ...context, depth: context.depth + 1 };
  const { exprKind } = node;
  switch (exprKind.case) {
    case 'constExpr':
      return constantShape(exprKind.value.constantKind.case, fail);
    case 'identExpr':
      return (
        context.variables.get(exprKind.value.name) ??
        fail(`'${exprKind.value.name}' is unknown; there are ${Object.keys(environment).join(', ')}`)
      );
    case 'selectExpr':
      return selectShape(exprKind.value, below, fail);
    case 'callExpr': {
      const { function: name, target, args } = exprKind.value;
      const operands = [...(target === undefined ? [] : [target]), ...args].map((each) =>
        shapeOf(each, below),
      );
      return callShape(name, target !== undefined, operands, fail);
    }
    case 'listExpr':
      return listShape(exprKind.value.elements, below, fail);
    case 'comprehensionExpr':
      return loopShape(exprKind.value, below, fail);
    default:
      return fail('maps and messages are not available in conditions; compare fields one by one');
  }
}

type Fail = (message: string) => never;
type ValueOf<Case> = Extract<Expr['exprKind'], { case: Case }> extends { value: infer Value } ? Value : never;

function constantShape(kind: string | undefined, fail: Fail): Shape {
  switch (kind) {
    case 'int64Value':
      return { kind: 'int' };
    case 'doubleValue':
      return { kind: 'double' };
    case 'stringValue':
      return { kind: 'string' };
    case 'boolValue':
      return { kind: 'bool' };
    case 'nullValue':
      return { kind: 'null' };
    default:
      return fail('only numbers, strings, true and false are available as constants');
  }
}

function selectShape(select: ValueOf<'selectExpr'>, context: Context, fail: Fail): Shape {
  if (select.operand === undefined) return fail(`'.${select.field}' has nothing before it`);
  const base = shapeOf(select.operand, context);
  if (base.kind !== 'record') {
    const hint = base.kind === 'list' ? `; ask .exists(x, x.${select.field} ...)` : '';
    return fail(`'.${select.field}' needs a record, and this is a ${shapeText(base)}${hint}`);
  }
  const field = Object.hasOwn(base.fields, select.field) ? base.fields[select.field] : undefined;
  if (field === undefined) {
    return fail(`there is no field '${select.field}'; there are ${Object.keys(base.fields).join(', ')}`);
  }
  return select.testOnly ? { kind: 'bool' } : field;
}

function listShape(elements: readonly Expr[], context: Context, fail: Fail): Shape {
  const shapes = elements.map((each) => shapeOf(each, context));
  const [first] = shapes;
  const other = shapes.find((each) => each.kind !== first?.kind);
  if (other !== undefined && first !== undefined) {
    fail(`a list holds one type, and this one has ${shapeText(first)} and ${shapeText(other)}`);
  }
  return { kind: 'list', element: first, limit: elements.length };
}

/** `all`, `exists`, `exists_one`, `filter` and `map` arrive here, already spelled out by CEL's parser. */
function loopShape(loop: ValueOf<'comprehensionExpr'>, context: Context, fail: Fail): Shape {
  const { iterRange, accuInit, loopStep, loopCondition, result } = loop;
  if (!iterRange || !accuInit || !loopStep || !loopCondition || !result || loop.iterVar2 !== '') {
    return fail('this loop is not available; use all, exists, exists_one, filter or map');
  }
  if (context.loops >= loopLimit) fail(`loops nest deeper than ${loopLimit}; split the rule in two`);
  if (Object.hasOwn(environment, loop.iterVar))
    fail(`'${loop.iterVar}' is taken; name the loop's variable differently`);
  const range = shapeOf(iterRange, context);
  if (range.kind !== 'list') return fail(`loops run over lists, and this is a ${shapeText(range)}`);
  const initial = shapeOf(accuInit, context);
  const element: Shape = range.element ?? { kind: 'null' };
  const inner: Context = {
    ...context,
    loops: context.loops + 1,
    times: context.times * Math.max(1, range.limit),
    variables: new Map(context.variables).set(loop.iterVar, element).set(loop.accuVar, initial),
  };
  shapeOf(loopCondition, inner);
  const step = shapeOf(loopStep, inner);
  const total: Shape = step.kind === 'list' ? { ...step, limit: range.limit } : step;
  const outer: Context = { ...context, variables: new Map(context.variables).set(loop.accuVar, total) };
  return shapeOf(result, outer);
}
