import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {cleanLines, cleanText} from '../../source/api/clean-text.ts';
import {anyCharacter} from '../helpers/any-character.ts';

const cases: ReadonlyArray<readonly [what: string, text: string, cleaned: string]> = [
	['plain text', 'loops-trainer-0', 'loops-trainer-0'],
	['an empty string', '', ''],
	['text in other scripts', 'Zürich 東京 Αθήνα', 'Zürich 東京 Αθήνα'],
	['colors', '\u{1B}[1;31mred\u{1B}[0m', 'red'],
	['colors with colons', '\u{1B}[38:2::255:0:0mred', 'red'],
	['a sequence that clears the screen', 'a\u{1B}[2J\u{1B}[Hb', 'ab'],
	['private modes', '\u{1B}[?1049h\u{1B}[?25lx', 'x'],
	['an eight-bit CSI', '\u{9B}31mred', 'red'],
	['a title', '\u{1B}]0;owned\u{07}x', 'x'],
	['a title that ends with ST', '\u{1B}]0;owned\u{1B}\\x', 'x'],
	['an eight-bit OSC', '\u{9D}0;owned\u{9C}x', 'x'],
	['a link', '\u{1B}]8;;https://example.com\u{1B}\\text\u{1B}]8;;\u{1B}\\', 'text'],
	['a clipboard write', '\u{1B}]52;c;ZXZpbA==\u{07}x', 'x'],
	['a device control string', '\u{1B}Pq#0;2;0;0;0\u{1B}\\x', 'x'],
	['an application program command', '\u{1B}_Ga=T;AAAA\u{1B}\\x', 'x'],
	['a reset', '\u{1B}cx', 'x'],
	['a charset switch', '\u{1B}(0x', 'x'],
	['the start of a string that never ends', '\u{1B}]0;text', '0;text'],
	['a lone escape', 'a\u{1B}', 'a'],
	['an escape inside an escape', '\u{1B}\u{1B}[31m[31mx', '31mx'],
	['control characters', 'a\u{00}\u{07}\u{08}\u{7F}\u{84}b', 'ab'],
	['line breaks and tabs', 'a\nb\r\nc\td\u{2028}e\u{85}f', 'a b c d e f'],
	['runs of spaces', '  a \u{A0}\u{3000}  b ', 'a b'],
	['direction overrides', 'a\u{202E}cba\u{202C}\u{2066}\u{2069}\u{200F}b', 'acbab'],
	['zero-width characters', 'a\u{200B}\u{200C}\u{200D}\u{2060}\u{FEFF}\u{AD}b', 'ab'],
	['fillers', 'a\u{115F}\u{3164}\u{FFA0}b', 'ab'],
	['tag characters', 'a\u{E0041}\u{E007F}b', 'ab'],
	['variation selectors', 'a\u{FE0E}\u{E0100}b', 'ab'],
	['a letter followed by a combining accent', 'e\u{301}', '\u{E9}'],
	['emoji', 'fast 🚀', 'fast ?'],
	['an emoji with several parts', '👩‍🚀', '??'],
	['a flag', '🇨🇭', '??'],
	['a character that a selector makes an emoji', 'I ❤️ it', 'I ? it'],
	['a keycap', '1️⃣', '?'],
	['a pictograph that is text by default', '🌡 hot', '? hot'],
	["symbols that aren't emoji", '✓ → © ▁█', '✓ → © ▁█'],
	['letters that join the following character', 'a\u{111C2} \u{D4E}b', 'a? ?b'],
	['an unpaired surrogate', 'a\u{D83D}b', 'a?b'],
];

for (const [what, text, cleaned] of cases) {
	test(`cleanText cleans ${what}`, () => {
		assert.equal(cleanText(text), cleaned);
	});
}

const cuts: ReadonlyArray<readonly [text: string, limit: number, cleaned: string]> = [
	['abcdef', 6, 'abcdef'],
	['abcdef', 5, 'abcd…'],
	['abc def', 5, 'abc…'],
	['abcdef', 1, '…'],
	['abcdef', 0, ''],
	['a𝒳𝒳𝒳', 4, 'a𝒳…'],
	['a𝒳𝒳𝒳', 3, 'a…'],
];

for (const [text, limit, cleaned] of cuts) {
	test(`cleanText limits ${text} to ${limit} UTF-16 code units`, () => {
		assert.equal(cleanText(text, limit), cleaned);
	});
}

/** Text from every Unicode plane, with many dangerous characters. */
const hostile = fc
	.array(
		fc.oneof(
			fc.string({unit: anyCharacter}),
			fc.string({unit: 'grapheme'}),
			fc.constantFrom(
				...['\u{1B}', '\u{1B}[', '\u{9B}', '\u{1B}]0;', '\u{07}', '\u{1B}\\', '31m', '\u{9D}', '\u{9C}', '\u{D83D}'],
				...['\u{202E}', '\u{200D}', '\u{FE0F}', '\u{20E3}', '🚀', '1', '#', 'e', '\u{301}', ' ', '\n', '\t'],
			),
		),
		{maxLength: 12},
	)
	.map(parts => parts.join(''));
const limits = fc.integer({min: 0, max: 40});

test('cleanText removes or replaces every character that forms a grapheme with a following space', () => {
	const all = Array.from({length: 0x3_0000 - 0x20}, (_, index) => `${String.fromCodePoint(index + 0x20)} `);
	const segmenter = new Intl.Segmenter();
	// The pairs are segmented one by one, because in Node.js 20, each segment keeps a copy of the whole text.
	const together = all.flatMap(pair => [...segmenter.segment(pair)].filter(({segment}) => /. $/u.test(segment)));
	assert.ok(together.length > 10);
	for (const {segment} of together) {
		assert.match(cleanText(segment), /^\??$/, segment.codePointAt(0)?.toString(16));
	}
});

test('cleanText leaves no control characters, escapes, bidi controls, zero-width characters, or emoji', () => {
	fc.assert(
		fc.property(hostile, limits, (text, limit) => {
			assert.doesNotMatch(
				cleanText(text, limit),
				/[\p{Control}\p{Format}\p{Variation_Selector}\p{Surrogate}\p{Emoji_Presentation}\u{2028}\u{2029}]| {2}|^ | $/u,
			);
		}),
	);
});

test('cleanText never exceeds its limit', () => {
	fc.assert(
		fc.property(hostile, limits, (text, limit) => {
			assert.ok(cleanText(text, limit).length <= limit);
		}),
	);
});

test('cleanText is idempotent, and composes Unicode', () => {
	fc.assert(
		fc.property(hostile, limits, (text, limit) => {
			const cleaned = cleanText(text, limit);
			assert.equal(cleanText(cleaned, limit), cleaned);
			assert.equal(cleaned, cleaned.normalize('NFC'));
		}),
		{numRuns: 1000},
	);
});

test('cleanText is idempotent for every single character', () => {
	const blockLength = 0x1000;
	for (let start = 0; start < 0x11_00_00; start += blockLength) {
		const characters = Array.from({length: blockLength}, (_, index) => String.fromCodePoint(start + index));
		const cleaned = cleanText(characters.join(' x '));
		assert.equal(cleanText(cleaned), cleaned, `the block from U+${start.toString(16)} is changed again`);
	}
});

/**
 * Returns the CPU time of a function in milliseconds: the shortest of three runs. CPU time hardly depends on the load
 * of the machine.
 */
function cpuMs(run: () => void): number {
	const times = [1, 2, 3].map(() => {
		const before = process.threadCpuUsage();
		run();
		const {user, system} = process.threadCpuUsage(before);
		return (user + system) / 1000;
	});
	return Math.min(...times);
}

/** Functions, and the strings that, when repeated, would make simpler algorithms take quadratic time. */
const repetitive: ReadonlyArray<readonly [name: string, clean: (text: string) => string, parts: readonly string[]]> = [
	[
		'cleanText',
		cleanText,
		['\u{1B}]', '\u{1B}P', '\u{9D}', '\u{1B}[', '\u{1B}[0', ' ', '\u{FE0F}', '\u{301}', '\u{301}\u{316}'],
	],
	[
		'cleanLines',
		cleanLines,
		[
			...['\n', '\r', '\t', '\u{2028}', '\u{301}\u{316}', '\u{1B}[', '\r\u{1B}[0', 'x\r\n'],
			...['\r\u{1B}[2K', '\b\u{1B}[1K', 'x\b\u{1B}[1K', '\u{1B}[2Kx', '\u{1B}[9Dx\u{1B}[K', '\u{1B}[Gx\u{1B}[1K'],
		],
	],
];

for (const [name, clean, parts] of repetitive) {
	test(`${name} takes time proportional to the length of the text, regardless of its content`, () => {
		const elapsed = (part: string, length: number): number => {
			const text = `${'x'.repeat(length)}${part.repeat(length)}x`;
			return cpuMs(() => void clean(text));
		};

		for (const part of parts) {
			elapsed(part, 1000);
			const short = elapsed(part, 5000);
			const long = elapsed(part, 50_000);
			// If the time were quadratic, it would be a hundred times as long.
			assert.ok(long < 40 * short + 100, `${JSON.stringify(part)}: ${short} ms; 10 times the text: ${long} ms`);
		}
	});
}

const severalLines: ReadonlyArray<readonly [what: string, text: string, cleaned: string]> = [
	['plain text', 'step 1 loss 0.3', 'step 1 loss 0.3'],
	['an empty string', '', ''],
	['a stack trace', 'Traceback:\n  File "a.py"\n    raise E\n', 'Traceback:\n  File "a.py"\n    raise E'],
	['line breaks from other systems', 'a\r\nb\u{85}c\u{2028}d', 'a\nb\nc\nd'],
	['a progress bar that overwrites itself', '\r 10%\r 20%\u{1B}[K', ' 20%'],
	['blank lines at the beginning and the end', '\n \na\n\nb\n\n', 'a\n\nb'],
	['a table aligned with spaces', 'rank   time  \n0      1.2', 'rank   time\n0      1.2'],
	['tabs', '\tat x', '    at x'],
	['other kinds of spaces', 'a\u{A0}\u{3000}b', 'a  b'],
	['colors', '\u{1B}[33mWARN\u{1B}[0m a\n\u{1B}[2Jb', 'WARN a\nb'],
	['a link that spans two lines', '\u{1B}]8;;http://x\ny\u{07}z', 'z'],
	['emoji and control characters', '🚀\u{00}\u{202E}\nb', '?\nb'],
];

for (const [what, text, cleaned] of severalLines) {
	test(`cleanLines cleans ${what}`, () => {
		assert.equal(cleanLines(text), cleaned);
	});
}

test('cleanLines stays within its limit, is idempotent, and leaves only spaces for cleanText to change', () => {
	fc.assert(
		fc.property(hostile, limits, (text, limit) => {
			const cleaned = cleanLines(text, limit);
			assert.ok(cleaned.length <= limit);
			assert.equal(cleanLines(cleaned, limit), cleaned);
			for (const line of cleaned.split('\n')) {
				assert.equal(cleanText(line), line.replace(/ +/g, ' ').trim());
			}
		}),
		{numRuns: 1000},
	);
});

test('very long strings are cut without first being cleaned as a whole', () => {
	const long = 'x\n'.repeat(5_000_000);
	for (const clean of [
		() => cleanLines(`\u{1B}[31m${long}`, 10),
		() => cleanLines(`\r${long}`, 10),
		() => cleanText(`\u{1B}[31m${long}`, 10).replaceAll(' ', '\n'),
	]) {
		const took = cpuMs(() => assert.equal(clean(), 'x\nx\nx\nx\nx…'));
		// Cleaning all of the text takes two seconds.
		assert.ok(took < 400, `cutting the string took ${took} ms`);
	}
});

test('a very long line that overwrites itself is cut only after it is overwritten', () => {
	assert.equal(cleanLines(`\r${'x'.repeat(1000)}`, 10), 'xxxxxxxxx…');
	assert.equal(cleanLines(`${'x'.repeat(1000)}\rabc\u{1B}[K`, 10), 'abc');
	assert.equal(cleanLines(`abc\b\b${'x'.repeat(1000)}\u{1B}[998D\u{1B}[K`, 10), 'axx');
});
