import type { Span } from '../ast/index.ts';
import type { ResolvedScan } from '../resolved/index.ts';
import { fail } from './failure.ts';
import { expressionsOf, inputsOf, visitExpression } from './visit.ts';

/**
 * Where the recursive query of a recursive WITH table may refer to the table itself: once, and where rows of one round
 * give rows of the next one by one. Source: BigQuery reference, "Rules for recursive CTEs".
 */
export function checkRecursion(term: ResolvedScan, name: string, at: Span): void {
  const found = references(term, name);
  if (found > 1) fail(at, `Multiple recursive references to table '${name}' are not allowed`);
  const subqueries = subqueryReferences(term, name);
  if (subqueries > 0) fail(at, 'A recursive reference from inside an expression subquery is not allowed');
  for (let s: ResolvedScan | undefined = term; s !== undefined; s = way(s, name)) {
    const why = forbids(s, name);
    if (why !== undefined) fail(at, why);
  }
}

const isReference = (scan: ResolvedScan, name: string): boolean =>
  scan.kind === 'WithRefScan' && scan.name === name;

/** References in FROM clauses; those in expressions are counted apart. */
function references(scan: ResolvedScan, name: string): number {
  if (isReference(scan, name)) return 1;
  return inputsOf(scan).reduce((sum, input) => sum + references(input, name), 0);
}

function subqueryReferences(scan: ResolvedScan, name: string): number {
  let count = 0;
  const note = (s: ResolvedScan): void => {
    if (isReference(s, name)) count++;
  };
  for (const e of expressionsOf(scan)) visitExpression(e, { scan: note });
  return inputsOf(scan).reduce((sum, input) => sum + subqueryReferences(input, name), count);
}

/** The input that leads to the reference. */
const way = (scan: ResolvedScan, name: string): ResolvedScan | undefined =>
  inputsOf(scan).find((input) => references(input, name) > 0);

const USES = 'A subquery containing a recursive reference must not';

/** Why the reference may not stand below a scan; undefined where it may. */
function forbids(s: ResolvedScan, name: string): string | undefined {
  switch (s.kind) {
    case 'AggregateScan':
      // PIVOT's own aggregation is allowed.
      return s.pivoted ? undefined : `${USES} use DISTINCT, GROUP BY, or any aggregate function`;
    case 'DistinctScan':
      return `${USES} use DISTINCT, GROUP BY, or any aggregate function`;
    case 'AnalyticScan':
      return `${USES} use an analytic function`;
    case 'OrderByScan':
      return `${USES} contain an ORDER BY clause`;
    case 'LimitScan':
      return 'A query containing a recursive reference must not use a LIMIT clause';
    case 'SampleScan':
      return `${USES} use the TABLESAMPLE operator`;
    case 'SetOperationScan':
      return s.operator === 'UNION' && !s.distinct
        ? undefined
        : `${USES} use INTERSECT, UNION, or EXCEPT with the DISTINCT modifier`;
    case 'WithScan':
      return s.entries.some((e) => references(e.scan, name) > 0)
        ? `Table '${name}' must not be recursively referenced from inside an inner recursive query`
        : undefined;
    case 'JoinScan':
      return joinForbids(s, name);
    case 'ArrayScan':
    case 'FilterScan':
    case 'MatchRecognizeScan':
    case 'ProjectScan':
    case 'RecursiveScan':
    case 'SingleRowScan':
    case 'TableScan':
    case 'WildcardScan':
    case 'WithRefScan':
      return undefined;
  }
}

function joinForbids(s: Extract<ResolvedScan, { kind: 'JoinScan' }>, name: string): string | undefined {
  const query = 'A query containing a recursive reference must not be used as';
  if (s.type === 'FULL') return `${query} an operand of a FULL OUTER JOIN`;
  if (s.type === 'LEFT' && references(s.right, name) > 0) return `${query} the right operand of a LEFT JOIN`;
  if (s.type === 'RIGHT' && references(s.left, name) > 0) return `${query} the left operand of a RIGHT JOIN`;
  return undefined;
}
