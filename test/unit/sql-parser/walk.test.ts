import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isExpression,
  isTable,
  mapExpressions,
  mapNodes,
  mapTables,
  visit,
} from '../../../functions/core/sql/ast/walk.ts';
import { printScript } from '../../../functions/core/sql/print/print.ts';
import { cases, parsed } from './tree.ts';

test('every name that is printed is visited, in any query', () => {
  for (const { sql } of cases<{ sql: string }>('canonical.json')) {
    const tree = parsed(sql);
    const names = new Set<string>();
    visit(tree, (node) => {
      if (node.kind === 'Identifier') names.add(node.name);
      if (node.kind === 'Parameter') names.add(node.name);
    });
    for (const [, name] of printScript(tree).matchAll(/(?<!\\)`([A-Za-z_]+)`/g)) {
      const known = names.has(name!) || [...names].some((other) => other.split('.').includes(name!));
      assert.ok(known, `${name} in ${sql}`);
    }
  }
});

test('what changes nothing gives the same tree, not a copy', () => {
  for (const { sql } of cases<{ sql: string }>('canonical.json')) {
    const tree = parsed(sql);
    assert.equal(
      mapNodes(tree, (node) => node),
      tree,
    );
    assert.equal(
      mapExpressions(tree, (node) => node),
      tree,
    );
    assert.equal(
      mapTables(tree, (node) => node),
      tree,
    );
  }
});

test('parents come first, and false leaves out what is below', () => {
  const kinds: string[] = [];
  visit(parsed('SELECT (SELECT a FROM t) FROM u'), (node) => {
    if (isExpression(node) || isTable(node)) kinds.push(node.kind);
    return node.kind !== 'ScalarSubquery';
  });
  assert.deepEqual(kinds, ['ScalarSubquery', 'TableName']);
});

test('children are changed before their parents, which see both', () => {
  const tree = parsed('SELECT f(1 + 2)');
  const changed = mapExpressions(tree, (node, original) => {
    if (node.kind === 'IntLiteral') return { ...node, text: '7', value: 7n };
    if (node.kind === 'FunctionCall') assert.notEqual(node, original);
    return node;
  });
  assert.equal(printScript(changed), 'SELECT f(7 + 7)');
  assert.equal(printScript(tree), 'SELECT f(1 + 2)');
});
