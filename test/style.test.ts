import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';

const root = path.join(import.meta.dirname, '..');

/**
 * Words to avoid, with their replacements in plain US English. The source, the tests, and the documentation don't
 * contain them, not even across a line break within a comment or a paragraph.
 */
const words: ReadonlyArray<readonly [word: RegExp, instead: string]> = [
	[/\b(?:told|tells?|telling)\b(?!.*\bapart\b)/i, 'report, return, say, show'],
	[/\banew\b/i, 'again'],
	[/\bamiss\b/i, 'wrong, or a noun: findings'],
	[/\bmend(?:s|ed|ing)?\b/i, 'fix'],
	[/\bmeanwhile\b/i, 'while'],
	[/\bhush/i, 'clear'],
	[/\bbeside\b/i, 'next to'],
	[/\bsave for\b/i, 'except'],
	[/\bwho looks on\b/i, 'the user'],
	[/\bwhere there (?:is|was) (?:one|none)\b/i, 'if there is one'],
	[/\basks nobody\b/i, 'makes no requests'],
	[/(?<!\bthere )\bis no (?!longer|one|more|older|smaller|lower|less|further)/i, "isn't a"],
	[/\bwants\b|\bhas patience\b/, 'requires, times out'],
	[/\bthat may not\b/i, "can't, has no access"],
	[/\b(?:colour(?!")|organisation|behaviour|neighbour|labelled|licence|favour|centre\b)/i, 'US spelling'],
	[/\berrands?\b/i, 'side request'],
	[/\bhalves\b/i, 'components'],
	[/\b(?:retell\w*|recollect\w*)\b/i, 'replay, scan'],
	[/\b(?:for want of|that which|is it that|lets? (?:him|it)self|unto|thereof|hence)\b/i, 'plain word order'],
	[/\b(?:is|are|was|were) to be had\b/i, 'is available'],
	[/\bgoes on\b/i, 'continues'],
	[/\bwhoever\b/i, 'the user, or the program by name'],
	[/\bwho (?:asks|looks|wants|leaves)\b/i, 'the user who …'],
	[/\bfull stop\b/i, 'period'],
	[/\bfrom which on\b/i, 'the minimum X at which'],
	[/\bany more\b/i, 'no longer, anymore'],
	[/\ba text\b(?! (?:snapshot|node|field|file)\b)/i, 'a string, or text'],
	[/\bcannot (?:be|read|write)\b/i, "can't"],
	[/\b(?:reported|reports?|rejected|rejects?)\b.*\b(?:in|with) a sentence\b/i, 'in one sentence'],
	[/\/\*\* Wh(?:at|o|ose) [a-z]/, 'a noun phrase'],
	[
		/\b(?:Returns (?:how|wh(?:at|en|ere|ich|ose|o|y))|(?:Describes|Formats|Counts|Measures) how) [a-z]/,
		'a noun phrase',
	],
	[/\b(?:each|every) Node\.js (?!version|process)/, 'each Node.js version'],
	[/\bfiles of tests\b/, 'test files'],
	[/\bfindings? (?:that )?h(?:olds?|eld)\b/i, 'is active'],
	[/\bsome \d/i, 'about N'],
	[/\bthe last 1 (?:minute|hour|day)\b/i, 'the last hour'],
	[/\bfrom (?!then\b|now\b|that\b|here\b)(?:\S+ ){1,3}on[.,;:]/, 'at … or above, starting with …, after …'],
	[/\b(?:is|are) (?:being )?[a-z]+ed since\b/, 'has been … since'],
	[/\bcalls? of [a-z]/i, 'call to'],
	[/\bagrees? about\b/i, 'agree on'],
	[/\bresponses? of (?:the|a) (?:API|server|sampler|trainer)\b(?!')/i, 'a response from'],
	[/\banother [a-z]+ than\b/i, 'a … other than'],
	[/\bleads? to no\b/i, "doesn't lead to"],
	[/\bfull (?:second|minute|hour)s?\b/i, 'a whole second'],
	[/\bshown whole\b/i, 'in full'],
	[/\bUserError, exit code\b/, 'UserError with exit code'],
];

/** Matches the indentation and the mark before the text of a line, such as a comment, a heading, or a list item. */
const prefix = /^\s*(?:\/\*\*?|\*\/?|\/\/|#+|-|\d+\.|>)?\s*/;

/** Matches a line of a comment, whose text can continue that of the line before it. */
const comment = /^\s*(?:\/\*\*?|\*|\/\/|#)\s+\S/;

/**
 * Returns the lines of a file, followed by the text of each comment or paragraph that spans several lines, joined into
 * one string. A blank line ends a paragraph, as does a table, a heading, a code fence, an HTML tag, or a list item.
 */
function textsOf(text: string, isPage: boolean): readonly string[] {
	const lines = text.split('\n');
	const joined: string[] = [];
	let paragraph = '';
	for (const line of lines) {
		const isText = isPage ? line.trim() !== '' && !/^\s*(?:\||#|```|<)/.test(line) : comment.test(line);
		const begins = !isText || paragraph === '' || (isPage && /^\s*(?:[-*]|\d+\.) /.test(line));
		const own = line.replace(prefix, '').replace(/\s*\*\/$/, '');
		paragraph = isText ? (begins ? own : `${paragraph} ${own}`) : '';
		if (isText && !begins) {
			joined.push(paragraph);
		}
	}

	return [...lines, ...joined.filter((one, index) => joined[index + 1]?.startsWith(one) !== true)];
}

function textsIn(file: string): readonly string[] {
	return textsOf(readFileSync(path.join(root, file), 'utf8'), file.endsWith('.md'));
}

function filesIn(folder: string, name: RegExp): readonly string[] {
	return readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
		.filter(file => name.test(file) && file !== path.basename(import.meta.filename))
		.map(file => path.join(folder, file));
}

const files = [
	...['source', 'test', '.build'].flatMap(folder => filesIn(folder, /\.(?:tsx?|mjs|md)$/)),
	...['docs', 'findings', '.github'].flatMap(folder => filesIn(folder, /\.(?:md|sh)$/)),
	'README.md',
	'CHANGELOG.md',
];
const texts = files.flatMap(file => textsIn(file).map(text => `${file}: ${text}`));

for (const [word, instead] of words) {
	test(`${word.source} isn't used: write ${instead}`, () => {
		assert.deepEqual(
			texts.filter(text => word.test(text)),
			[],
		);
	});
}

test('words are found across the lines of one comment or paragraph, but not across two comments or paragraphs', () => {
	const code =
		'\t/**\n\t * All of it is to be\n\t * had here.\n\t */\n// from which\n// on\nconst a = 1;\n// be\n\n// had';
	assert.deepEqual(textsOf(code, false).slice(code.split('\n').length), [
		'All of it is to be had here.',
		'from which on',
	]);
	const page = '# A\nOne that\nmay not.\n\n- b\n  c\n- d\n\n| e |\n| f |';
	assert.deepEqual(textsOf(page, true).slice(page.split('\n').length), ['One that may not.', 'b c']);
	const script = '#!/bin/sh\n# Seen: it goes\n#   on.\nset -eu';
	assert.deepEqual(textsOf(script, false).slice(script.split('\n').length), ['Seen: it goes on.']);
});

/** Matches a docstring that begins with "Whether", and the first line of the function that follows it. */
const whether =
	/\/\*\*\s*(?:\*\s*)?Whether (?:(?!\*\/)[\s\S])*\*\/\s*(?:export |async |static )*(?:function\b|(?:readonly )?#?\w+(?:\(|: \()).*/g;

test('no docstring of a function begins with "Whether": write "Returns whether"', () => {
	assert.deepEqual(
		files.flatMap(file => readFileSync(path.join(root, file), 'utf8').match(whether) ?? []),
		[],
	);
});
