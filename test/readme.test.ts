import assert from 'node:assert/strict';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {flags} from '../source/command-line/flags.ts';
import {scenarios} from '../source/demo/scenarios.ts';
import {exitCodes} from '../source/errors/user-error.ts';
import {keymap} from '../source/keymap/keymap.ts';
import {logKeys} from '../source/keymap/logs.ts';
import {keyNames} from '../source/keymap/names.ts';
import {replayKeys} from '../source/keymap/replay.ts';
import {gaugesOf} from '../source/output/gauges.ts';
import {describeFailure} from '../source/text/failure-text.ts';
import {examplePlace, faults} from './helpers/fault-table.ts';
import {isUpdating} from './helpers/golden.ts';
import {sampleNow, sampleState} from './helpers/sample-state.ts';
import {screenText} from './helpers/screen-text.ts';

const file = path.join(import.meta.dirname, '..', 'README.md');

function table(head: readonly [string, string], rows: ReadonlyArray<readonly [string, string]>): string {
	return [`| ${head.join(' | ')} |`, '|---|---|', ...rows.map(row => `| ${row.join(' | ')} |`)].join('\n');
}

function code(text: string): string {
	return `\`${text}\``;
}

/** Rows, of which only the first has a text in its second column. */
function withoutRepeats(rows: ReadonlyArray<readonly [string, string]>): ReadonlyArray<readonly [string, string]> {
	return rows.filter(([, text], index) => rows.findIndex(([, other]) => other === text) === index);
}

function keysCell(names: string): string {
	return names
		.split(' ')
		.map(name => (name === 'to' ? name : code(name)))
		.join(' ');
}

function flagCell({long, short, placeholder}: (typeof flags)[number]): string {
	const value = placeholder === undefined ? '' : ` ${placeholder}`;
	return code(`${short === undefined ? '' : `-${short}, `}--${long}${value}`);
}

/** What the program says of itself, by the names of the comments that it stands between. */
const blocks: Readonly<Record<string, string>> = {
	picture: [
		'```text',
		...screenText(sampleState({nodes: 4, gpus: 8}, {type: 'selectNode', by: 2}), {columns: 120, rows: 36}),
		'```',
	].join('\n'),
	scenarios: table(
		['scenario', 'what it shows'],
		scenarios.map(({name, about}) => [code(name), about]),
	),
	keys: table(
		['key', 'does'],
		keymap.map(entry => [keysCell(keyNames(entry)), entry.help]),
	),
	gauges: table(
		['metric', 'is'],
		gaugesOf(sampleState({nodes: 4, gpus: 8}), sampleNow).map(({name, help, samples}) => {
			const labels = Object.keys(samples[0]?.labels ?? {}).filter(label => label !== 'deployment');
			return [code(labels.length === 0 ? name : `${name}{${labels.join(', ')}}`), help];
		}),
	),
	'log-keys': table(
		['key', 'does'],
		logKeys.map(entry => [keysCell(keyNames(entry)), entry.help]),
	),
	faults: table(
		['what happens', 'what you see'],
		withoutRepeats(faults.map(({what, failure}) => [what, code(describeFailure(failure(examplePlace)))] as const)),
	),
	'replay-keys': table(
		['key', 'does'],
		replayKeys.map(entry => [keysCell(keyNames(entry)), entry.help]),
	),
	options: table(
		['option', 'does'],
		flags.map(flag => [
			flagCell(flag),
			flag.default === undefined ? flag.help : `${flag.help} (default ${flag.default})`,
		]),
	),
};

function blockPattern(name: string): RegExp {
	return new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`);
}

if (isUpdating) {
	const updated = Object.entries(blocks).reduce(
		(text, [name, block]) => text.replace(blockPattern(name), (_, before, after) => `${before}${block}\n${after}`),
		readFileSync(file, 'utf8'),
	);
	writeFileSync(file, updated);
}

const readme = readFileSync(file, 'utf8');

for (const [name, block] of Object.entries(blocks)) {
	test(`the ${name} of the README are those of the program`, () => {
		const found = blockPattern(name).exec(readme)?.[0];
		assert.equal(found, `<!-- ${name} -->\n${block}\n<!-- /${name} -->`, 'npm run update writes it anew');
	});
}

test('the exit codes of the README are those of the program', () => {
	const section = readme.slice(readme.indexOf('## Exit codes'), readme.indexOf('## Recordings'));
	const told = [...section.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
	assert.deepEqual(told, Object.values(exitCodes));
});

test('every npm script that the README names is there', () => {
	const {scripts} = JSON.parse(readFileSync(path.join(path.dirname(file), 'package.json'), 'utf8')) as {
		readonly scripts: Readonly<Record<string, string>>;
	};
	const named = [...readme.matchAll(/npm (?:run )?(demo|test|update|start|build)\b/g)].map(([, name]) => name ?? '');
	assert.ok(named.length > 3);
	for (const name of named) {
		assert.ok(name in scripts, name);
	}
});

test('every file that the README shows or leads to is there', () => {
	const links = [...readme.matchAll(/\]\(([^)#:]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
		([, link, source]) => link ?? source ?? '',
	);
	assert.ok(links.length > 10, links.join(' '));
	assert.deepEqual(
		links.filter(link => !existsSync(path.join(path.dirname(file), link))),
		[],
	);
});

test('every section that the README leads to is there', () => {
	const sections = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, name]) =>
		(name ?? '').toLowerCase().replaceAll(' ', '-'),
	);
	const named = [...readme.matchAll(/\]\(#([^)]+)\)/g)].map(([, name]) => name ?? '');
	assert.ok(named.length > 0);
	assert.deepEqual(
		named.filter(name => !sections.includes(name)),
		[],
	);
});
