import { alternatives } from './google-format.ts';

/** Options of one case: name to value; `no_x` is `x` with the value `no`. */
export type CaseOptions = ReadonlyMap<string, string>;

const bracketed = /\[([^[\]]*)\]/g;

export type OptionLines = {
  /** The options that hold for this case as one line, alternatives still in it. */
  readonly head: string;
  readonly body: string;
  readonly defaults: CaseOptions;
  /** The defaults after this case: where a default has alternatives, the last one stays. */
  lastDefaults(): CaseOptions;
};

/** Takes the comment and option lines off the front of a case's input. */
export function readOptionLines(input: string, before: CaseOptions): OptionLines {
  const lines = input.split('\n');
  while (lines.length > 0 && (lines[0]!.trim() === '' || lines[0]!.startsWith('#'))) lines.shift();
  const defaults = new Map(before);
  const own: string[] = [];
  let at = 0;
  for (; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.trim() === '' && lines[at + 1]?.startsWith('[')) continue;
    if (!line.startsWith('[') || !line.trimEnd().endsWith(']')) break;
    for (const [whole, option = ''] of line.matchAll(bracketed)) {
      if (option.startsWith('default ')) add(defaults, option.slice('default '.length));
      else own.push(whole);
    }
  }
  const named = new Set(
    own.map((option) =>
      option
        .slice(1, -1)
        .split('=')[0]!
        .replace(/^(\{\{\|?no_\|?\}\}|no_)/, ''),
    ),
  );
  const held = [...defaults]
    .filter(([name]) => !named.has(name))
    .map(([name, value]) => `[${name}=${value}]`);
  return {
    head: held.join('') + own.join(''),
    body: lines.slice(at).join('\n').replace(/^\n+/, ''),
    defaults,
    lastDefaults: () =>
      new Map([...defaults].map(([name, value]) => [name, alternatives(value).at(-1)!.text])),
  };
}

/** The options in a line whose alternatives are chosen. */
export function optionsOf(head: string): CaseOptions {
  const options = new Map<string, string>();
  for (const [, option = ''] of head.matchAll(bracketed)) add(options, option);
  return options;
}

function add(options: Map<string, string>, option: string): void {
  const at = option.indexOf('=');
  const name = at < 0 ? option : option.slice(0, at);
  if (name.startsWith('no_')) options.set(name.slice('no_'.length), 'no');
  else options.set(name, at < 0 ? '' : option.slice(at + 1));
}
