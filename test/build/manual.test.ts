import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {describeFlag, manualText, spellArrows} from '../../.build/manual.ts';
import packageJson from '../../package.json' with {type: 'json'};
import {flags} from '../../source/command-line/flags.ts';
import {topics} from '../../source/command-line/manual-text.ts';
import {keyNames} from '../../source/keymap/entry.ts';
import {keymap, logKeys, replayKeys} from '../../source/keymap/keymap.ts';
import {filterKeys, overviewKeys} from '../../source/keymap/typing.ts';
import {type NeededProgram, needs} from '../helpers/needs.ts';

const manual = manualText('1.2.3', '2026-11-28');

/** The page without roff escapes. Requests, such as `.SH`, remain. */
const read = manual
	.replaceAll(/\\\[u([0-9A-F]{4,6})\]/g, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
	.replaceAll('\\(ti', '~')
	.replaceAll('\\(ha', '^')
	.replaceAll(/\\f[BIR]|\\&/g, '')
	.replaceAll('\\-', '-')
	.replaceAll('\\e', '\\');
const lines = read.split('\n');

/** Searches for a line equal to `name` at or after index `from`, and returns the line that follows it. */
function meaningOf(name: string, from = 0): string | undefined {
	return lines[lines.indexOf(name, from) + 1];
}

for (const flag of flags) {
	const {long, short, takes, placeholder} = flag;
	test(`the manual describes --${long}`, () => {
		const value = {nothing: '', value: ` ${placeholder}`, 'optional value': ` [${placeholder}]`}[takes];
		assert.equal(meaningOf(`${short === undefined ? '' : `-${short}, `}--${long}${value}`), describeFlag(flag));
	});
}

for (const [heading, entries] of [
	['.SH KEYS', keymap],
	['.SS In the logs', logKeys],
	['.SS While a recording plays', replayKeys],
	['.SS While typing a filter', filterKeys],
	['.SS In the overview', overviewKeys],
] as const) {
	test(`the manual lists every key below ${heading}`, () => {
		const from = lines.indexOf(heading);
		assert.ok(from > 0);
		for (const entry of entries) {
			assert.equal(meaningOf(spellArrows(keyNames(entry)), from), entry.help);
		}
	});
}

test('the manual covers every topic of the help', () => {
	for (const {title, rows} of topics) {
		const from = lines.indexOf(`.SH ${title.toUpperCase()}`);
		assert.ok(from > 0, title);
		for (const [name, meaning] of rows) {
			assert.equal(meaningOf(name.replaceAll('…', '...'), from), meaning.replaceAll('…', '...'));
		}
	}
});

test('the manual is ASCII, contains the version, and has no text that roff would mistake for a request', () => {
	assert.match(manual, /^[\n\x20-\x7e]*$/);
	assert.match(manual, /^\.TH LOOPS\\-TOP 1 "2026-11-28" "loops\\-top 1\.2\.3"/);
	const requests = new Set([...manual.matchAll(/^[.'](\S*)/gm)].map(([, name]) => name));
	assert.deepEqual([...requests].sort(), ['PP', 'SH', 'SS', 'TH', 'TP', 'ad', 'br', 'nh']);
});

const checkers: ReadonlyArray<readonly [tool: NeededProgram, args: readonly string[]]> = [
	['mandoc', ['-T', 'lint', '-W', 'error']],
	['groff', ['-man', '-ww', '-z', '-Tutf8']],
];

for (const [tool, args] of checkers) {
	test(`${tool} finds no errors in the manual`, {skip: needs(tool)}, () => {
		const {status, stdout, stderr} = spawnSync(tool, args, {input: manual, encoding: 'utf8'});
		assert.equal(`${stdout}${stderr}`, '');
		assert.equal(status, 0);
	});
}

for (const [tool, args] of [
	['mandoc', ['-T', 'ascii']],
	['groff', ['-man', '-ww', '-Tascii']],
] as const) {
	test(`${tool} can output the whole manual in ASCII`, {skip: needs(tool)}, () => {
		const {stdout, stderr} = spawnSync(tool, args, {
			input: manual,
			encoding: 'utf8',
			env: {...process.env, LC_ALL: 'C'},
		});
		assert.equal(stderr, '');
		assert.doesNotMatch(stdout, /<\?>/);
	});
}

test('package.json names the man page that the build writes', () => {
	// If `man` is a string instead of a list, npm creates no link to the page.
	assert.deepEqual(packageJson.man, ['./dist/loops-top.1']);
	assert.ok(existsSync(path.join(import.meta.dirname, '..', '..', 'dist', 'loops-top.1')), 'the man page is missing');
});
