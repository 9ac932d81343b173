import { changeLike, changeNamed, type DraftType, draftText, guessType, withField } from './draft-type.ts';

export type DraftFunction = { readonly arguments: readonly string[]; readonly returns: string };

/** What a text is believed to need; never changed, each move makes another. */
export type DraftCatalog = {
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, DraftType>>;
  readonly functions: ReadonlyMap<string, DraftFunction>;
};

export const emptyDraft: DraftCatalog = { tables: new Map(), functions: new Map() };

const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `\`${part}\``)
    .join('.');

/** The catalog as the oracle and `sluice sql explain` read it. */
export function catalogOf({ tables, functions }: DraftCatalog): Record<string, unknown> {
  const listed = [...tables].map(([name, columns]) => [
    name,
    {
      columns: [...columns].map(([column, type]) => ({
        name: column,
        type: draftText(type),
        ...(/^_(PARTITION(TIME|DATE)|TABLE_SUFFIX)$/i.test(column) ? { pseudo: true } : {}),
      })),
    },
  ]);
  return {
    tables: Object.fromEntries(listed),
    functions: [...functions].map(
      ([name, f]) =>
        `CREATE FUNCTION ${quoted(name)}(${f.arguments.map((t, i) => `a${i} ${t}`).join(', ')}) RETURNS ${f.returns} LANGUAGE js AS 'return null'`,
    ),
  };
}

export const withTable = (
  draft: DraftCatalog,
  name: string,
  columns: ReadonlyMap<string, DraftType>,
): DraftCatalog => ({
  ...draft,
  tables: new Map([...draft.tables, [name, columns]]),
});

export const withFunction = (draft: DraftCatalog, name: string, f: DraftFunction): DraftCatalog => ({
  ...draft,
  functions: new Map([...draft.functions, [name, f]]),
});

export function withColumn(
  draft: DraftCatalog,
  table: string,
  column: string,
  type: DraftType,
): DraftCatalog {
  const columns = draft.tables.get(table) ?? new Map();
  return withTable(draft, table, new Map([...columns, [column, type]]));
}

export function withoutColumn(draft: DraftCatalog, table: string, column: string): DraftCatalog {
  const columns = new Map(draft.tables.get(table) ?? []);
  for (const name of [...columns.keys()])
    if (name.toLowerCase() === column.toLowerCase()) columns.delete(name);
  return withTable(draft, table, columns);
}

/** All columns changed by `change`; undefined where nothing is another. */
export function changed(
  draft: DraftCatalog,
  change: (type: DraftType, column: string) => DraftType,
): DraftCatalog | undefined {
  let any = false;
  const tables = [...draft.tables].map(([name, columns]) => {
    const next = [...columns].map(([column, type]) => {
      const other = change(type, column);
      any ||= other !== type;
      return [column, other] as const;
    });
    return [name, new Map(next)] as const;
  });
  return any ? { ...draft, tables: new Map(tables) } : undefined;
}

/** Every column or field of a name gets another type. */
export const retyped = (
  draft: DraftCatalog,
  name: string,
  change: (type: DraftType) => DraftType,
): DraftCatalog | undefined =>
  changed(draft, (type, column) =>
    column.toLowerCase() === name.toLowerCase() ? change(type) : changeNamed(type, name, change),
  );

/** A field more in every part whose type has this text. */
export const withFieldIn = (
  draft: DraftCatalog,
  typeText: string,
  field: string,
  text: string,
): DraftCatalog | undefined =>
  changed(draft, (type) => changeLike(type, typeText, (t) => withField(t, field, guessType(field, text))));

/** Names of all columns and fields. */
export function namesIn({ tables }: DraftCatalog): Set<string> {
  const names = new Set<string>();
  const visit = (type: DraftType): void => {
    if (typeof type === 'string') return;
    if ('array' in type) {
      visit(type.array);
      return;
    }
    for (const [name, t] of type.struct) {
      names.add(name.toLowerCase());
      visit(t);
    }
  };
  for (const columns of tables.values())
    for (const [name, type] of columns) {
      names.add(name.toLowerCase());
      visit(type);
    }
  return names;
}
