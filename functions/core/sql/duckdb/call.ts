import type { ResolvedExpression } from '../resolved/index.ts';
import { printExpression } from './expression.ts';
import { renderers } from './functions/index.ts';
import { isInfallible } from './infallible.ts';
import { printLambdaCall } from './lambda-call.ts';
import { refuse } from './refusal.ts';
import type { RenderCall } from './render.ts';
import type { Scope } from './scope.ts';

export type CallExpression = Extract<ResolvedExpression, { kind: 'Call' }>;

/** The value of a constant STRING argument, a parameter's value included. */
function constantText(e: ResolvedExpression | undefined, scope: Scope): string | undefined {
  if (!e) return undefined;
  if (e.kind === 'ParameterRef') {
    const key = e.name ?? String(e.position);
    return constantText(scope.context.parameters.get(key), scope);
  }
  return e.kind === 'Constant' && e.value.kind === 'text' ? e.value.value : undefined;
}

function renderCall(e: CallExpression, scope: Scope): RenderCall {
  const named = Object.entries(e.named ?? {}).map(
    ([name, value]) => [name, { text: printExpression(value, scope), type: value.type }] as const,
  );
  return {
    name: e.name,
    types: e.arguments.map((a) => a.type),
    result: e.type,
    named: Object.fromEntries(named),
    constantText: (index) => constantText(e.arguments[index], scope),
    nowMicros: scope.context.nowMicros,
  };
}

/** What a message calls an operator. */
const shown = (name: string): string => name.replace(/^\$/, 'operator ');

export function printCall(e: CallExpression, scope: Scope): string {
  if (e.lambdas && e.lambdas.length > 0) return printLambdaCall(e, scope);
  const render = renderers[e.name];
  if (!render) return refuse(shown(e.name), 'it has no exact translation', e.span);
  const args = e.arguments.map((a) => printExpression(a, scope));
  const rendered = render(args, renderCall(e, scope));
  if (typeof rendered !== 'string') return refuse(shown(e.name), rendered.refuse, e.span);
  return e.safe ? safely(e, rendered, args) : rendered;
}

/**
 * `SAFE.F(x)` turns errors of F into NULL, but not errors of x. Where x cannot fail, DuckDB's TRY does that; where the
 * call is one of our functions, its safe variant does.
 */
function safely(e: CallExpression, rendered: string, args: readonly string[]): string {
  if (e.arguments.every(isInfallible)) return `TRY(${rendered})`;
  const call = /^(sluice_\w+)\((.*)\)$/s.exec(rendered);
  if (call && call[2] === args.join(', ')) return `${call[1]}__safe(${call[2]})`;
  return refuse(`SAFE.${e.name}`, 'its arguments may fail on their own', e.span);
}
