import type { Classification, ColumnMatcher } from '../policy/document.ts';
import { pathMatches } from '../policy/glob.ts';
import type { CatalogColumn, CatalogTable } from '../sql/catalog.ts';
import type { SqlType } from '../sql/types.ts';
import { endsWithPhrase, hasPhrase, isPhrase, joined, wordsOf } from './words.ts';

/** A column or nested field that a policy's classes recognize. */
export type ClassifiedColumn = {
  /** Column, then nested field names, in the schema's own spelling. */
  readonly path: readonly string[];
  readonly type: SqlType;
  /** Names of the classes, in the policy's order; at least one. */
  readonly classes: readonly string[];
};

type Place = {
  readonly full: readonly string[];
  readonly words: readonly string[];
  readonly tableWords: readonly string[];
  readonly fieldWords: readonly (readonly string[])[];
  readonly type: SqlType;
  readonly tags: readonly string[];
};

type Test = (place: Place) => boolean;

/** Fields that a repeated or plain STRUCT column has; from `fields` where the catalog has them, else from the type. */
export function fieldsOf(column: CatalogColumn): readonly CatalogColumn[] {
  if (column.fields !== undefined) return column.fields;
  const inner = column.type.kind === 'array' ? column.type.element : column.type;
  if (inner.kind !== 'struct') return [];
  return inner.fields.map((field, index) => ({
    name: field.name ?? `_field_${index + 1}`,
    type: field.type,
    mode: field.type.kind === 'array' ? 'REPEATED' : 'NULLABLE',
  }));
}

function typeName(type: SqlType): string {
  const inner = type.kind === 'array' ? type.element : type;
  switch (inner.kind) {
    case 'scalar':
      return inner.name;
    case 'struct':
      return 'STRUCT';
    case 'range':
      return 'RANGE';
    case 'array':
      return 'ARRAY';
  }
}

function matcherTest(matcher: ColumnMatcher): Test {
  if (matcher.kind === 'path') return (place) => pathMatches(matcher.pattern, place.full);
  const phrases = new Set(matcher.phrases.map(joined));
  const around = new Set(matcher.of.map(joined));
  const combined = new Set(
    matcher.of.flatMap((owner) => matcher.phrases.map((phrase) => joined(owner) + joined(phrase))),
  );
  const outside = new Set(matcher.notOf.map(joined));
  const plain = matcher.kind === 'names' ? isPhrase : hasPhrase;
  return (place) => {
    if (matcher.types.length > 0 && !matcher.types.includes(typeName(place.type))) return false;
    if (around.size === 0) return plain(place.words, phrases);
    if (hasPhrase(place.words, combined)) return true;
    if (endsWithPhrase(place.fieldWords.at(-1) ?? [], outside)) return false;
    const owned = [place.tableWords, ...place.fieldWords].some((words) => hasPhrase(words, around));
    return owned && plain(place.words, phrases);
  };
}

/** Among the tags of a class: every policy tag that no class names. */
const anyOtherTag = '*';

function classTest(classification: Classification, namedTags: ReadonlySet<string>): Test {
  const tests = classification.matchers.map(matcherTest);
  const unless = new Set(classification.unless.map(joined));
  const tags = new Set(classification.tags);
  const hasTag = (tag: string): boolean => tags.has(tag) || (tags.has(anyOtherTag) && !namedTags.has(tag));
  return (place) => {
    if (classification.except.some((pattern) => pathMatches(pattern, place.full))) return false;
    if (place.tags.some(hasTag)) return true;
    if (hasPhrase(place.words, unless)) return false;
    return tests.some((test) => test(place));
  };
}

/**
 * Compiles classes into one function from a table to its classified columns, in the schema's order. A classified
 * STRUCT stands for all its fields; the fields of others are looked at one by one, to any depth.
 */
export function classifier(
  classifications: readonly Classification[],
): (table: CatalogTable) => readonly ClassifiedColumn[] {
  const namedTags = new Set(classifications.flatMap(({ tags }) => tags));
  const tests = classifications.map((each) => ({ name: each.name, test: classTest(each, namedTags) }));
  const known = new WeakMap<CatalogTable, readonly ClassifiedColumn[]>();
  return (table) => {
    const before = known.get(table);
    if (before !== undefined) return before;
    const { project, dataset, table: name } = table.ref;
    const tableWords = wordsOf(name);
    const visit = (column: CatalogColumn, above: readonly string[]): readonly ClassifiedColumn[] => {
      const path = [...above, column.name];
      const place: Place = {
        full: [project, dataset, name, ...path],
        words: wordsOf(column.name),
        tableWords,
        fieldWords: above.map(wordsOf),
        type: column.type,
        tags: column.policyTags ?? [],
      };
      const classes = tests.filter(({ test }) => test(place)).map((each) => each.name);
      if (classes.length > 0) return [{ path, type: column.type, classes }];
      return fieldsOf(column).flatMap((field) => visit(field, path));
    };
    const found = [...table.columns, ...table.pseudoColumns].flatMap((column) => visit(column, []));
    known.set(table, found);
    return found;
  };
}
