import assert from 'node:assert/strict';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {describeFlag} from '../.build/manual.ts';
import type {Deployment} from '../source/api/deployment.ts';
import {mapRecord} from '../source/api/points.ts';
import {extraKinds, noExtras} from '../source/api/sampler-extras.ts';
import type {GpuSeries, NodeSeries, RequestPoints} from '../source/api/series-table.ts';
import {flags} from '../source/command-line/flags.ts';
import {scenarioTexts} from '../source/command-line/manual-text.ts';
import {exitCodes} from '../source/errors/user-error.ts';
import {keyNames} from '../source/keymap/entry.ts';
import {keymap, logKeys, replayKeys} from '../source/keymap/keymap.ts';
import {overviewKeys} from '../source/keymap/typing.ts';
import type {CurrentFinding} from '../source/metrics/findings.ts';
import {gpuMetrics, nodeMetrics, requestMetrics} from '../source/metrics/metric-table.ts';
import {gaugesOf} from '../source/output/gauges.ts';
import type {State} from '../source/state/state.ts';
import {describeFailure} from '../source/text/failure-text.ts';
import {legend} from '../source/view/help.ts';
import {lineText} from '../source/view/line.ts';
import {anchorsOf, documentWith, linksOf, readDocuments, root} from './helpers/documents.ts';
import {examplePlace, faults} from './helpers/fault-table.ts';
import {isUpdating} from './helpers/golden.ts';
import {rulesTable} from './helpers/rules-table.ts';
import {sampleNow, sampleState} from './helpers/sample-state.ts';
import {screenText} from './helpers/screen-text.ts';

const answeredSample = sampleState({nodes: 4, gpus: 8, sampler: 'answered'});
const points = {times: Float64Array.of(sampleNow - 30_000), values: Float64Array.of(1)};
const growth: CurrentFinding = {
	rule: 'disk-growth',
	subject: {kind: 'node', node: 'loops-trainer-0'},
	value: 0.5,
	fullInMs: 3_600_000,
	state: 'active',
	sinceMs: sampleNow,
	sinceIsLowerBound: false,
};

/** A state that has a sample of every gauge. */
const pricedSample: State = {
	...answeredSample,
	findings: {...answeredSample.findings, current: [...answeredSample.findings.current, growth]},
	prices: {list: new Map([['s', 13]]), atMs: sampleNow, own: 52},
	live: {...answeredSample.live, deployment: withPricedSampler(answeredSample.live.deployment)},
	samplerExtras: {
		...answeredSample.samplerExtras,
		received: {rangeName: '1h', extras: {...noExtras, ...Object.fromEntries(extraKinds.map(kind => [kind, points]))}},
	},
	checkpoints: {
		runId: 'r',
		list: [{name: 'c', createdAtMs: sampleNow, bytes: 1, syncStatus: undefined, target: undefined, type: undefined}],
		unreadable: 0,
		atMs: sampleNow,
	},
};

function withPricedSampler(deployment: Deployment | undefined): Deployment | undefined {
	const {sampler, instance} = deployment ?? {};
	return deployment && sampler && instance
		? {...deployment, sampler: {...sampler, nodeCount: 1, instance: {...instance, id: 's', gpusPerNode: 2}}}
		: deployment;
}

function table(head: readonly [string, string], rows: ReadonlyArray<readonly [string, string]>): string {
	const line = (cells: readonly string[]): string =>
		`| ${cells.map(cell => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
	return [line(head), '|---|---|', ...rows.map(row => line(row))].join('\n');
}

function code(text: string): string {
	return `\`${text}\``;
}

/** Returns the rows without those whose text is the same as that of an earlier row. */
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

/** The generated blocks, by the names of the comments around them. */
const blocks: Readonly<Record<string, string>> = {
	screen: [
		'```text',
		...screenText(sampleState({nodes: 4, gpus: 8}, {type: 'selectNode', by: 2}), {columns: 120, rows: 36}),
		'```',
	].join('\n'),
	scenarios: table(
		['scenario', 'what it shows'],
		Object.entries(scenarioTexts).map(([name, text]) => [code(name), text] as const),
	),
	keys: table(
		['key', 'does'],
		keymap.map(entry => [keysCell(keyNames(entry)), entry.help]),
	),
	legend: table(
		['on the screen', 'means'],
		legend.map(({shown, where, means}) => {
			const marks = lineText(shown)
				.split(' ')
				.filter(mark => mark !== '')
				.map(code);
			return [`${marks.join(' ')}${where}`, means];
		}),
	),
	gauges: table(
		['metric', 'meaning'],
		gaugesOf(pricedSample, sampleNow).map(({name, help, samples}) => {
			const labels = Object.keys(samples[0]?.labels ?? {}).filter(label => label !== 'deployment');
			return [code(labels.length === 0 ? name : `${name}{${labels.join(', ')}}`), help];
		}),
	),
	'overview-keys': table(
		['key', 'does'],
		overviewKeys.map(entry => [keysCell(keyNames(entry)), entry.help]),
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
	rules: rulesTable(),
	options: table(
		['option', 'does'],
		flags.map(flag => [flagCell(flag), describeFlag(flag)]),
	),
};

function blockPattern(name: string): RegExp {
	return new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`);
}

if (isUpdating) {
	for (const [name, block] of Object.entries(blocks)) {
		const {file, text} = documentWith(name);
		writeFileSync(
			file,
			text.replace(blockPattern(name), (_, before, after) => `${before}${block}\n${after}`),
		);
	}
}

const documents = readDocuments();

for (const [name, block] of Object.entries(blocks)) {
	test(`the generated block "${name}" matches the program`, () => {
		const found = blockPattern(name).exec(documentWith(name).text)?.[0];
		assert.equal(found, `<!-- ${name} -->\n${block}\n<!-- /${name} -->`, 'run `npm run update`');
	});
}

test('docs/numbers.md explains every metric', () => {
	// The first cells of the rows that don't begin with the label of the metric.
	const others: Readonly<Partial<Record<GpuSeries | NodeSeries | keyof RequestPoints, string>>> = {
		latency: 'p50 p95 p99',
		status: '2xx 4xx 5xx',
		utilization: 'GPU bar, util',
		memory: 'GPU memory, mem',
		disk: 'disk, disk%',
		diskShare: 'disk, disk%',
	};
	const labels = mapRecord({...requestMetrics, ...gpuMetrics, ...nodeMetrics}, ({label}) => label);
	const text = readFileSync(path.join(root, 'docs', 'numbers.md'), 'utf8');
	for (const name of Object.values({...labels, ...others})) {
		const row = `\n| ${name} | `.toLowerCase();
		assert.ok(text.toLowerCase().includes(row), `docs/numbers.md has no row that begins with ${name}`);
	}
});

test('the README is at most 250 lines long', () => {
	const lines = documents[0]?.text.split('\n').length ?? 0;
	assert.ok(lines <= 251, `${lines} lines`);
});

test('the README links to every page in docs', () => {
	const [readme, ...pages] = documents;
	const links = readme === undefined ? [] : linksOf(readme);
	assert.deepEqual(
		pages.map(({name}) => name).filter(name => !links.some(link => link.split('#')[0] === name)),
		[],
	);
});

test('the documented exit codes are those of the program', () => {
	const scripts = documents.find(({name}) => name === 'docs/scripts.md')?.text ?? '';
	const section = scripts.slice(scripts.indexOf('## Exit codes')).split(/\n## /)[0] ?? '';
	const codes = [...section.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
	assert.deepEqual(codes, Object.values(exitCodes));
});

test('all npm scripts in the documentation exist', () => {
	const {scripts} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
		readonly scripts: Readonly<Record<string, string>>;
	};
	const named = documents.flatMap(({text}) =>
		[...text.matchAll(/npm (?:run )?(demo|test|update|start|build|bench|pictures)\b/g)].map(([, name]) => name ?? ''),
	);
	assert.ok(named.length > 3);
	assert.deepEqual(
		named.filter(name => !(name in scripts)),
		[],
	);
});

test('every file and section that a page links to exists', () => {
	const sections = new Map(documents.map(page => [page.file, anchorsOf(page)]));
	const links = documents.flatMap(page => linksOf(page).map(link => ({page, link})));
	assert.ok(links.length > 20, `${links.length} links`);
	const dead = links.filter(({page, link}) => {
		const [target = '', anchor] = link.split('#');
		const file = target === '' ? page.file : path.join(path.dirname(page.file), target);
		const isThere = existsSync(file) && (anchor === undefined || (sections.get(file)?.includes(anchor) ?? true));
		return !isThere;
	});
	assert.deepEqual(
		dead.map(({page, link}) => `${page.name}: ${link}`),
		[],
	);
});
