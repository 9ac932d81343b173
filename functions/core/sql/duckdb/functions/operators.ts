import type { SqlType } from '../../types.ts';
import { typeText } from '../../types.ts';
import { compare, isIn, isInArray } from '../compare.ts';
import { isShort, letBoth, letIn } from '../let.ts';
import { duckdbType, type RenderCall, type Rendered, type RenderTable } from '../render.ts';
import { arithmetic, negate } from './arithmetic.ts';
import { joinedTexts, typeName } from './help.ts';
import { likeOf } from './like-of.ts';

const binary =
  (operator: '=' | '<' | '<=' | '>' | '>=') =>
  (args: readonly string[], call: RenderCall): Rendered =>
    compare(args[0]!, operator, args[1]!, call.types[0]!);

const isScalar = (type: SqlType | undefined, name: string): boolean =>
  type?.kind === 'scalar' && type.name === name;

const unsupported = (call: RenderCall): Rendered => ({
  refuse: `it is not understood for ${call.types.map(typeText).join(', ')}`,
});

/** Bitwise operators: INT64 natively, BYTES by our own function. */
const bitwise =
  (operator: string, udf: string) =>
  (args: readonly string[], call: RenderCall): Rendered => {
    if (isScalar(call.types[0], 'INT64')) return `(${args[0]} ${operator} ${args[1]})`;
    if (isScalar(call.types[0], 'BYTES')) return `sluice_bytes_${udf}(${args[0]}, ${args[1]})`;
    return unsupported(call);
  };

const shift =
  (udf: string) =>
  (args: readonly string[], call: RenderCall): Rendered => {
    if (isScalar(call.types[0], 'INT64')) return `sluice_${udf}(${args[0]}, ${args[1]})`;
    if (isScalar(call.types[0], 'BYTES')) return `sluice_bytes_${udf}(${args[0]}, ${args[1]})`;
    return unsupported(call);
  };

const between = (args: readonly string[], call: RenderCall): Rendered => {
  const [x = '', low = '', high = ''] = args;
  const type = call.types[0]!;
  if (isScalar(type, 'FLOAT64') || isScalar(type, 'BIGNUMERIC'))
    return letIn('sl_v', x, (v) => `(${compare(v, '>=', low, type)} AND ${compare(v, '<=', high, type)})`);
  if (type.kind !== 'scalar') return unsupported(call);
  return `(${x} BETWEEN ${low} AND ${high})`;
};

/** `IS DISTINCT FROM` sees values as GROUP BY does: NaN is NaN, NULL is NULL; DuckDB agrees, in structs too. */
const isDistinct = (args: readonly string[], call: RenderCall): Rendered => {
  const type = call.types[0]!;
  if (type.kind === 'array' || isScalar(type, 'JSON') || isScalar(type, 'GEOGRAPHY'))
    return unsupported(call);
  return `(${args[0]} IS DISTINCT FROM ${args[1]})`;
};

const concat = (args: readonly string[], call: RenderCall): Rendered => {
  if (call.result.kind === 'array')
    return letBoth(
      args[0]!,
      args[1]!,
      (a, b) => `(CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL ELSE list_concat(${a}, ${b}) END)`,
    );
  return typeName(call.types[0]) === 'STRING' ? joinedTexts(args) : `(${args[0]} || ${args[1]})`;
};

const like =
  (join: ' OR ' | ' AND ') =>
  (args: readonly string[], call: RenderCall): Rendered => {
    const [operand = '', ...patterns] = args;
    if (!isScalar(call.types[0], 'STRING') && !isScalar(call.types[0], 'BYTES')) return unsupported(call);
    const udf = isScalar(call.types[0], 'BYTES') ? 'sluice_bytes_like' : 'sluice_like';
    const one = (v: string, pattern: string, i: number): string => {
      const constant = call.constantText(i + 1);
      const simple = udf === 'sluice_like' && constant !== undefined && !constant.includes('\\');
      return simple ? `(${v} LIKE ${pattern})` : `${udf}(${v}, ${pattern})`;
    };
    if (patterns.length === 1) return one(operand, patterns[0]!, 0);
    return letIn('sl_v', operand, (v) => `(${patterns.map((p, i) => one(v, p, i)).join(join)})`);
  };

const caseWhen = (args: readonly string[]): Rendered => {
  const pairs = Math.floor(args.length / 2);
  const whens = Array.from({ length: pairs }, (_, i) => `WHEN ${args[2 * i]} THEN ${args[2 * i + 1]}`);
  const otherwise = args.length % 2 === 1 ? ` ELSE ${args[args.length - 1]}` : '';
  return `(CASE ${whens.join(' ')}${otherwise} END)`;
};

/** One-based position of an element, NULL where `safe` and outside; the last argument counts from `base`. */
const element =
  (base: 0 | 1, safe: boolean) =>
  (args: readonly string[]): Rendered => {
    const [array = '', index = ''] = args;
    if (safe) return `list_extract(${array}, sluice_safe_position(${index}, CAST(${base} AS BIGINT)))`;
    return letIn(
      'sl_a',
      array,
      (a) =>
        `list_extract(${a}, sluice_position(${index}, CAST(${base} AS BIGINT), CAST(len(${a}) AS BIGINT)))`,
    );
  };

const structElement = (args: readonly string[], call: RenderCall): Rendered => {
  const index = /^CAST\((\d+) AS BIGINT\)$/.exec(args[1] ?? '')?.[1];
  if (index === undefined || call.types[0]?.kind !== 'struct') return unsupported(call);
  return `struct_extract(${args[0]}, 'f${index}')`;
};

const jsonElement = (args: readonly string[], call: RenderCall): Rendered =>
  isScalar(call.types[1], 'STRING')
    ? `sluice_json_field(${args[0]}, ${args[1]})`
    : `sluice_json_element(${args[0]}, ${args[1]})`;

const isTruth =
  (value: 'TRUE' | 'FALSE') =>
  (args: readonly string[]): Rendered =>
    `(${args[0]} IS NOT DISTINCT FROM ${value})`;

const notEqual = (args: readonly string[], call: RenderCall): Rendered => {
  const equal = compare(args[0]!, '=', args[1]!, call.types[0]!);
  const plain = `(${args[0]} = ${args[1]})`;
  return equal === plain && isShort(plain) && !isScalar(call.types[0], 'FLOAT64')
    ? `(${args[0]} <> ${args[1]})`
    : `(NOT ${equal})`;
};

/** Functions of ours that fail for some values. */
const mayFail = /sluice_(?!double_(?:eq|lt|le|gt|ge)\(|json_|text_|like\()/;

/**
 * AND and OR. DuckDB may evaluate operands in any order, and all of them; an operand that may fail waits for those
 * before it, so that `x != 0 AND 1 / x > 2` does not fail where x is 0.
 */
const logical =
  (word: 'AND' | 'OR') =>
  (args: readonly string[]): Rendered => {
    const undecided = word === 'AND' ? 'IS NOT FALSE' : 'IS NOT TRUE';
    const printed = args.map((text, i) => {
      const before = args.slice(0, i).join(` ${word} `);
      const guard = i > 0 && before.length <= 400 && mayFail.test(text) && !/SELECT |random\(\)/.test(before);
      return guard ? `CASE WHEN (${before}) ${undecided} THEN ${text} END` : text;
    });
    return `(${printed.join(` ${word} `)})`;
  };

/** Renderers of operators, by the names the resolved tree gives them. */
export const operatorRenderers: RenderTable = {
  $add: arithmetic('add'),
  $subtract: arithmetic('subtract'),
  $multiply: arithmetic('multiply'),
  $divide: arithmetic('divide'),
  $minus: negate,
  $concat: concat,
  $bitand: bitwise('&', 'and'),
  $bitor: bitwise('|', 'or'),
  $bitxor: (args, call) =>
    isScalar(call.types[0], 'INT64') ? `xor(${args[0]}, ${args[1]})` : bitwise('', 'xor')(args, call),
  $bitnot: (args, call) =>
    isScalar(call.types[0], 'INT64')
      ? `(~${args[0]})`
      : isScalar(call.types[0], 'BYTES')
        ? `sluice_bytes_not(${args[0]})`
        : unsupported(call),
  $shl: shift('shift_left'),
  $shr: shift('shift_right'),
  $eq: binary('='),
  $ne: notEqual,
  $lt: binary('<'),
  $le: binary('<='),
  $gt: binary('>'),
  $ge: binary('>='),
  $and: logical('AND'),
  $or: logical('OR'),
  $not: (args) => `(NOT ${args[0]})`,
  $is_null: (args) => `(${args[0]} IS NULL)`,
  $is_true: isTruth('TRUE'),
  $is_false: isTruth('FALSE'),
  $is_distinct: isDistinct,
  $between: between,
  $in: (args, call) => isIn(args[0]!, args.slice(1), call.types[0]!),
  $in_array: (args, call) => isInArray(args[0]!, args[1]!, call.types[0]!),
  $like_any_of: likeOf(false, false),
  $like_all_of: likeOf(true, false),
  $unlike_any_of: likeOf(false, true),
  $unlike_all_of: likeOf(true, true),
  $like: like(' OR '),
  $like_any: like(' OR '),
  $like_all: like(' AND '),
  $case: caseWhen,
  $array: (args, call) => {
    if (call.result.kind === 'array' && call.result.element.kind === 'array') return unsupported(call);
    return args.length === 0 ? `CAST([] AS ${duckdbType(call.result)})` : `[${args.join(', ')}]`;
  },
  $array_offset: element(0, false),
  $array_ordinal: element(1, false),
  $safe_array_offset: element(0, true),
  $safe_array_ordinal: element(1, true),
  $struct_offset: structElement,
  $json_subscript: jsonElement,
};
