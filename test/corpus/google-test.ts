import { basename } from 'node:path';
import { googleArea } from './google-areas.ts';
import { alternatives, outputsByAlternative, splitCases, splitSections, squeezed } from './google-format.ts';
import { type CaseOptions, optionsOf, readOptionLines } from './google-options.ts';
import type { Entry, FileExpectation, Item, Items, Skip } from './item.ts';

/**
 * Reads one of Google's parser test files.
 * `bytes` holds one character a byte (latin1), because some cases are not UTF-8; the items hold real text.
 */
export function readGoogleTest(path: string, bytes: string): Items {
  const file = basename(path);
  const items: Item[] = [];
  const skips: Skip[] = [];
  let defaults: ReadonlyMap<string, string> = new Map();
  splitCases(bytes).forEach((text, number) => {
    const sections = splitSections(text);
    const read = readOptionLines(sections[0] ?? '', defaults);
    defaults = read.defaults;
    if (read.body.trim() === '') return;
    const wanted = outputsByAlternative(sections.slice(1));
    for (const { key, text: whole } of alternatives(`${read.head}\n${read.body}`)) {
      const end = whole.indexOf('\n');
      const options = optionsOf(whole.slice(0, end));
      const outputs = wanted.get(squeezed(key)) ?? (wanted.size === 1 ? wanted.get('') : undefined);
      const id = `${file}#${number}${key === '' ? '' : `{${key}}`}`;
      const made = toItem(file, id, whole.slice(end + 1), options, outputs ?? []);
      if ('reason' in made) skips.push(made);
      else items.push(made);
    }
    defaults = read.lastDefaults();
  });
  return { items, skips };
}

function toItem(
  file: string,
  id: string,
  bytes: string,
  options: CaseOptions,
  outputs: readonly string[],
): Item | Skip {
  const skip = (reason: string): Skip => ({ file, reason });
  if (options.has('parse_multiple') && options.get('parse_multiple') !== 'no')
    return skip('several texts in one case');
  if ((options.get('macro_expansion_mode') ?? 'none') !== 'none') return skip('macros');
  const text = fromUtf8(bytes);
  if (text === undefined) return skip('not UTF-8');
  const mode = options.get('mode') ?? 'statement';
  const entry: Entry = mode === 'expression' || mode === 'type' ? mode : 'script';
  const expectation = expectationOf(outputs, options, mode);
  return {
    id,
    file,
    ...googleArea(file),
    text,
    mode: 'parse',
    entry,
    ...(expectation === undefined ? {} : { expectation }),
  };
}

/** Text of UTF-8 bytes, byte order marks kept; undefined if they are none. */
function fromUtf8(bytes: string): string | undefined {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return decoder.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
}

/** Language features that Google's tests switch on and BigQuery has not. */
const foreignFeature =
  /\+(FOR_UPDATE|SPANNER_LEGACY_DDL|BRACED_PROTO_CONSTRUCTORS|STRUCT_BRACED_CONSTRUCTORS|TTL|ORDERED_PRIMARY_KEYS|RUN_STATEMENT|ALLOW_SLASH_PATHS)/;

function expectationOf(
  outputs: readonly string[],
  options: CaseOptions,
  entry: string,
): FileExpectation | undefined {
  // Some outputs begin with a note on which line end the input has.
  const first = outputs[0]?.replace(/^\s*(\[NEWLINE [^\]]*\]\s*)+/, '').replace(/^\n+/, '');
  if (first === undefined || first === '') return undefined;
  const accepts = !first.startsWith('ERROR');
  const at = /^ERROR: ([\s\S]*?) \[at (\d+):(\d+)\]/.exec(first);
  const features = (options.get('language_features') ?? 'NONE').replace(/\s/g, '').replace(/,+/g, ',');
  const reserve = [
    ...(options.get('qualify_reserved') === 'no' ? [] : ['QUALIFY']),
    ...['GRAPH_TABLE', 'MATCH_RECOGNIZE'].filter((word) => isOn(options, `reserve_${word.toLowerCase()}`)),
  ];
  const list = (name: string): string[] | undefined => options.get(name)?.split(',').filter(Boolean);
  const entityTypes = list('supported_generic_entity_types');
  const subEntityTypes = list('supported_generic_sub_entity_types');
  // What is rejected because an option is off says nothing of a language that has it on.
  const offByOption = !accepts && options.has('language_features') && /^NONE|,-/.test(features);
  return {
    accepts,
    ...(at
      ? { error: { message: fromUtf8(at[1]!) ?? at[1]!, line: Number(at[2]), column: Number(at[3]) } }
      : {}),
    features: features.replace(/,$/, ''),
    reserve: reserve.join(','),
    ...(entityTypes ? { entityTypes } : {}),
    ...(subEntityTypes ? { subEntityTypes } : {}),
    entry,
    otherLanguage: offByOption || foreignFeature.test(features) || isOn(options, 'reserve_align'),
  };
}

function isOn(options: CaseOptions, name: string): boolean {
  return options.has(name) && options.get(name) !== 'no';
}
