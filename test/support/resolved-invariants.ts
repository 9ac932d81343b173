import assert from 'node:assert/strict';
import { expressionsOf, inputsOf, madeBy, partsOf } from '../../functions/core/sql/resolve/visit.ts';
import type {
  Column,
  ResolvedExpression,
  ResolvedQuery,
  ResolvedScan,
} from '../../functions/core/sql/resolved/index.ts';
import { sameType } from '../../functions/core/sql/types.ts';

type Known = ReadonlyMap<number, Column>;
const known = (...lists: (readonly Column[])[]): Known => new Map(lists.flat().map((c) => [c.id, c]));

/** Fails where a resolved tree reads a column that its inputs do not give, or marks correlation wrongly. */
export function checkResolved(query: ResolvedQuery): void {
  const made = new Set<number>();
  checkScan(query.scan, new Map(), made);
  const columns = known(query.scan.columns);
  for (const { column } of query.output)
    assert.ok(columns.has(column.id), `output ${column.name} is not given`);
}

function checkScan(scan: ResolvedScan, outer: Known, made: Set<number>): void {
  for (const c of madeBy(scan)) {
    assert.ok(!made.has(c.id), `${c.name} is made twice`);
    made.add(c.id);
  }
  const inputs = inputsOf(scan);
  for (const [i, input] of inputs.entries()) {
    const lateral = scan.kind === 'JoinScan' && scan.lateral && i === 1;
    checkScan(input, lateral ? known([...outer.values()], scan.left.columns) : outer, made);
  }
  const local = known(
    ...inputs.map((i) => i.columns),
    (scan.kind === 'ArrayScan' && scan.on) || scan.kind === 'MatchRecognizeScan' ? madeBy(scan) : [],
  );
  for (const e of expressionsOf(scan)) checkExpression(e, local, outer, made);
  if (scan.kind === 'SetOperationScan')
    for (const { scan: input, picks } of scan.inputs) {
      assert.equal(picks.length, scan.columns.length);
      const given = known(input.columns);
      for (const [i, p] of picks.entries()) {
        assert.ok(given.has(p.id), `set operation picks ${p.name}, which its input lacks`);
        assert.ok(
          sameType(p.type, (scan.columns[i] as Column).type),
          `set operation column ${i} changes type`,
        );
      }
      return;
    }
  const passed = scan.kind === 'WithScan' ? known(scan.input.columns) : local;
  for (const c of scan.columns)
    assert.ok(
      passed.has(c.id) || madeBy(scan).some((m) => m.id === c.id),
      `${scan.kind} passes on unknown ${c.name}`,
    );
}

function checkExpression(e: ResolvedExpression, local: Known, outer: Known, made: Set<number>): void {
  let inside = local;
  if (e.kind === 'ColumnRef') {
    if (e.correlated) assert.ok(outer.has(e.column.id), `${e.column.name} is marked correlated and is not`);
    else assert.ok(local.has(e.column.id), `${e.column.name} is not in sight`);
  }
  if (e.kind === 'Let')
    inside = known(
      [...local.values()],
      e.variables.map((v) => v.column),
    );
  if (e.kind === 'Call' && e.lambdas)
    inside = known(
      [...local.values()],
      e.lambdas.flatMap((l) => l.parameters),
    );
  for (const part of partsOf(e)) checkExpression(part, inside, outer, made);
  if (e.kind !== 'Subquery') return;
  const around = known([...outer.values()], [...inside.values()]);
  for (const c of e.correlated) assert.ok(around.has(c.id), `subquery claims unknown outer column ${c.name}`);
  checkScan(e.scan, known(e.correlated), made);
}
