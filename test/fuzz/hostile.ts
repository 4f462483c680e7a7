import fc from 'fast-check';
import {anyCharacter} from '../helpers/any-character.ts';

/** Pieces of text, most of which have a special meaning in terminals, in JavaScript, or in a writing system. */
const pieces: readonly string[] = [
	'loops-trainer-',
	'0',
	'10',
	' ',
	'%',
	'/',
	'constructor',
	'__proto__',
	'toString',
	'\u001b[31mred',
	'\u001b[2J\u001b[H',
	'\u001b]0;title\u0007',
	'\u001b]52;c;c2VjcmV0\u001b\\',
	'\u001b]8;;http://x\u0007link',
	'\u001bP1$r0m\u001b\\',
	'\u001b[?1049l',
	'\u001b',
	'\u009b5n',
	'\u009d0;x\u009c',
	'\u0000',
	'\u0007',
	'\u0008',
	'\u007f',
	'\n',
	'\r\n',
	'\t',
	'\u000b',
	'\u0085',
	'\u2028',
	'\u202eright to left',
	'\u2066isolated\u2069',
	'\u200b',
	'\u200d',
	'\ufeff',
	'\u00ad',
	'\ufe0f',
	'\u3164',
	'\ud800',
	'\udfff',
	'模型',
	'ｆｕｌｌ',
	'ｱ',
	'한국',
	'\u1112\u1161\u11ab',
	'\u1100',
	'\u1161',
	'e\u0301',
	'\u0301',
	'a\u0300\u0301\u0302\u0303\u0304',
	'क्षि',
	'ก็',
	'ﷺ',
	'العربية',
	'👩‍👩‍👧',
	'🇩🇪',
	'1️⃣',
	'☃️',
	'…',
	'│',
	'\u3000',
	'\u{1F3FB}',
	'\u{E0041}',
	'x'.repeat(400),
	'界'.repeat(400),
	'\u0301'.repeat(50),
];

/** Malicious text, or any text at all. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
	{weight: 3, arbitrary: fc.array(fc.constantFrom(...pieces), {maxLength: 4}).map(parts => parts.join(''))},
	{weight: 1, arbitrary: fc.string({unit: anyCharacter, maxLength: 12})},
);

/** A mark for `1e999`, a number that JSON can contain but JavaScript can't represent. `toJson` replaces the mark. */
const tooLargeMark = '@too large@';

/** Returns the JSON text of a value, with `1e999` in place of each mark for a number that is too large. */
export function toJson(value: unknown): string {
	return JSON.stringify(value).replaceAll(`"${tooLargeMark}"`, '1e999');
}

/** Numbers within, at, and beyond the limits of metrics. */
export const hostileNumber: fc.Arbitrary<number> = fc.oneof(
	fc.constantFrom(0, -0, 1, -1, 0.5, 1.0000001, 100, 1e9, 1e15, 1e21, 1e300, Number.MAX_VALUE, -Number.MAX_VALUE),
	fc.constantFrom(5e-324, -5e-324, 1e-300, 1e-9, 999.5, 9999.5, 0.0005, 2 ** 31, 2 ** 53, -(2 ** 53)),
	fc.double({noNaN: true, noDefaultInfinity: true}),
	fc.double({min: 0, max: 1, noNaN: true}),
);

const wrongShapes: readonly unknown[] = [
	null,
	true,
	false,
	'',
	'Nan',
	'INFINITY',
	'12.3',
	'null',
	tooLargeMark,
	[],
	{},
	[[]],
	[null],
	[{}],
	{value: 1},
	[{value: 1}],
	[{timestamp: null, value: 1}],
	{0: []},
	{'': []},
];

/** Replacements for a value in a response. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
	{weight: 4, arbitrary: fc.constantFrom(...wrongShapes)},
	{weight: 3, arbitrary: hostileNumber},
	{weight: 2, arbitrary: hostileText},
	{weight: 1, arbitrary: fc.jsonValue({maxDepth: 3})},
);

const offsets: ReadonlyArray<readonly [suffix: string, minutes: number]> = [
	['Z', 0],
	['z', 0],
	['+00:00', 0],
	['-00:00', 0],
	['+0000', 0],
	['+00', 0],
	['+05:30', 330],
	['+0530', 330],
	['-03:30', -210],
	['-03', -180],
	['+14:00', 840],
	['-12', -720],
];

const fractions: readonly string[] = ['', '.0', '.000', ',000', '.000000', '.000000001', '.0009'];

/** A way to write a time: the indexes of a suffix in `offsets` and of a fraction in `fractions`, and a separator. */
export type TimeForm = {readonly offset: number; readonly fraction: number; readonly separator: 'T' | 't' | ' '};

export const timeForm: fc.Arbitrary<TimeForm> = fc.record({
	offset: fc.nat(offsets.length - 1),
	fraction: fc.nat(fractions.length - 1),
	separator: fc.constantFrom('T', 't', ' '),
});

/** Formats a time, which must be a whole second, in a given form. All fractions are less than a millisecond. */
export function writeTime(timeMs: number, {offset, fraction, separator}: TimeForm): string {
	const [suffix, minutes] = offsets[offset] ?? ['Z', 0];
	const [date = '', time = ''] = new Date(timeMs + minutes * 60_000).toISOString().slice(0, 19).split('T');
	return `${date}${separator}${time}${fractions[fraction] ?? ''}${suffix}`;
}

/** Invalid times, times in forms that aren't supported, and times within and far outside the usual ranges. */
export const hostileTime: fc.Arbitrary<unknown> = fc.oneof(
	fc.constantFrom<unknown>(
		'',
		'now',
		'2026-11-23',
		'2026-11-23T09:05:30',
		'2026-02-30T09:05:30Z',
		'2026-13-01T00:00:00Z',
		'2026-11-23T25:00:00Z',
		'2026-11-23T09:05:60Z',
		'2026-11-23T09:05:30+99:99',
		'Mon, 23 Nov 2026 09:05:30 GMT',
		'0000-01-01T00:00:00Z',
		'1970-01-01T00:00:00Z',
		'9999-12-31T23:59:59Z',
		'+275760-09-13T00:00:00Z',
		1_795_424_730,
		1_795_424_730_000,
		null,
	),
	hostileText,
	fc
		.integer({min: -10_000_000, max: 10_000_000})
		.map(seconds => new Date(1_795_424_700_000 + seconds * 1000).toISOString()),
);
