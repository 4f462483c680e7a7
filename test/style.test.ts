import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';

const root = path.join(import.meta.dirname, '..');

/**
 * Words to avoid, with their replacements in plain US English, and the maximum number of lines in source and test that
 * can still contain them. Lower a limit whenever lines are rewritten, and never raise one. The pages for users contain
 * none of them.
 */
const words: ReadonlyArray<readonly [word: RegExp, instead: string, linesAtMost: number]> = [
	[/\b(?:told|tells?|telling)\b(?!.*\bapart\b)/i, 'report, return, say, show', 0],
	[/\banew\b/i, 'again', 0],
	[/\bamiss\b/i, 'wrong, or a noun: findings', 0],
	[/\bmend(?:s|ed|ing)?\b/i, 'fix', 0],
	[/\bmeanwhile\b/i, 'while', 0],
	[/\bhush/i, 'clear', 0],
	[/\bbeside\b/i, 'next to', 0],
	[/\bsave for\b/i, 'except', 0],
	[/\bwho looks on\b/i, 'the user', 0],
	[/\bwhere there (?:is|was) (?:one|none)\b/i, 'if there is one', 0],
	[/\basks nobody\b/i, 'makes no requests', 0],
	[/(?<!\bthere )\bis no (?!longer|one|more|older|smaller|lower|less|further)/i, "isn't a", 0],
	[/\bwants\b|\bhas patience\b/, 'requires, times out', 0],
	[/\bthat may not\b/i, "can't, has no access", 0],
	[/\b(?:colour(?!")|organisation|behaviour|neighbour|labelled|licence|favour|centre\b)/i, 'US spelling', 0],
	[/\berrands?\b/i, 'side request', 0],
	[/\bhalves\b/i, 'components', 0],
	[/\b(?:retell\w*|recollect\w*)\b/i, 'replay, scan', 0],
	[/\b(?:for want of|that which|is it that|lets? (?:him|it)self|unto|thereof|hence)\b/i, 'plain word order', 0],
	[/\b(?:is|are|was|were) to be had\b/i, 'is available', 0],
	[/\bgoes on\b/i, 'continues', 0],
	[/\bwhoever\b/i, 'the user, or the program by name', 0],
	[/\bwho (?:asks|looks|wants|leaves)\b/i, 'the user who …', 0],
	[/\bfull stop\b/i, 'period', 0],
	[/\bfrom which on\b/i, 'the minimum X at which', 0],
	[/\bany more\b/i, 'no longer, anymore', 0],
	[/\ba text\b(?! (?:snapshot|node|field|file)\b)/i, 'a string, or text', 0],
];

function linesOf(file: string): readonly string[] {
	return readFileSync(path.join(root, file), 'utf8').split('\n');
}

function codeIn(folder: string): readonly string[] {
	return readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
		.filter(file => /\.tsx?$/.test(file) && file !== path.basename(import.meta.filename))
		.map(file => path.join(folder, file));
}

const code = ['source', 'test', '.build'].flatMap(codeIn).flatMap(linesOf);
const pages = [
	'README.md',
	'CHANGELOG.md',
	path.join('.github', 'CONTRIBUTING.md'),
	path.join('.github', 'SECURITY.md'),
	...readdirSync(path.join(root, 'docs')).map(file => path.join('docs', file)),
	...readdirSync(path.join(root, 'findings')).map(file => path.join('findings', file)),
].filter(file => /\.(?:md|sh)$/.test(file));

for (const [word, instead, linesAtMost] of words) {
	test(`${word.source} isn't used: write ${instead}`, () => {
		const lines = code.filter(line => word.test(line));
		assert.ok(
			lines.length <= linesAtMost,
			`${lines.length} lines, of which ${linesAtMost} are old:\n${lines.join('\n')}`,
		);
	});
}

test('the documentation and the findings have none of these words', () => {
	const found = pages.flatMap(page => linesOf(page).map(line => `${page}: ${line}`));
	const bad = found.filter(line => words.some(([word]) => word.test(line)));
	assert.deepEqual(bad, []);
});
