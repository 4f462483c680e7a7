import assert from 'node:assert/strict';
import {test} from 'node:test';
import {documentWith} from '../helpers/documents.ts';
import type {MeasureName} from './measures.ts';
import {visibleText} from './metered-terminal.ts';
import {readOptions} from './options.ts';
import {readmeTable, withTable} from './readme-table.ts';
import type {Result} from './results.ts';
import {resultTable} from './table.ts';

function resultOf(own: Partial<Record<MeasureName, number>>, node = {startMs: 30, startCpuMs: 40}): Result {
	return {
		at: '2026-11-23T09:05:42Z',
		node: 'v24.0.0',
		load: [0, 0, 0],
		minutes: 10,
		programs: {node: {...node, residentBytes: 45e6}, 'loops-top': own, htop: {startMs: 90}},
		growth: [],
		keys: {},
	};
}

const row = (table: string, what: string): string => table.split('\n').find(line => line.startsWith(what)) ?? '';
const words = (line: string): string => line.replaceAll(/\s+/g, ' ').trim();

test("a time is also shown as a multiple of Node.js's time, and its row ends with the budget", () => {
	const table = resultTable(resultOf({startMs: 75, wideCpu: 0.2}), undefined);
	assert.equal(words(row(table, 'first frame ')), 'first frame 30.0 ms 75.0 ms 2.5 × 90.0 ms 3.0 × 5.0 ×');
	assert.equal(words(row(table, 'CPU, 160×45')), 'CPU, 160×45 – 0.20 s/min 5.0 × – 0.30 s/min');
});

test('a value over its budget is marked, whether the budget is a value or a multiple', () => {
	const table = resultTable(resultOf({startMs: 151, keyMs: 26, keyP95Ms: 50, dependencies: 1}), undefined);
	assert.match(row(table, 'first frame '), / 5\.0 × !$/);
	assert.match(row(table, 'key to frame, 16×8 GPUs, median'), / 25\.0 ms !$/);
	assert.match(row(table, 'key to frame, 16×8 GPUs, p95'), / 50\.0 ms$/);
	assert.match(row(table, 'runtime dependencies'), / 0 !$/);
});

test('times are compared with previous ones as multiples, because the machine might have been busier', () => {
	const before = resultOf({startMs: 150, wideBytesPerSecond: 100}, {startMs: 60, startCpuMs: 80});
	const table = resultTable(resultOf({startMs: 75, wideBytesPerSecond: 110}), before);
	assert.match(row(table, 'first frame '), / =$/);
	assert.match(row(table, 'to the terminal, 160×45'), / \+10 %$/);
});

test('the published table contains multiples and counts, but no times that depend on the machine', () => {
	const table = readmeTable(
		resultOf({startMs: 75, wideBytesPerSecond: 110.4, residentBytes: 90e6, packageBytes: 942_163}),
	);
	assert.match(table, /^\| what \| loops-top \| `htop` \|$/m);
	assert.match(table, /^\| first frame \| 2\.5 × \| 3\.0 × \|$/m);
	assert.match(table, /^\| bytes to the terminal, 160×45 \| 110 B\/s \| – \|$/m);
	assert.match(table, /^\| memory \| 2\.0 × \| – \|$/m);
	assert.match(table, /0\.942 MB/);
	assert.doesNotMatch(table, / ms|s\/min/);
	assert.equal(
		withTable('a\n<!-- costs -->\nold $1\n<!-- /costs -->\nb', 'new $&'),
		'a\n<!-- costs -->\nnew $&\n<!-- /costs -->\nb',
	);
});

test('docs/cost.md lists the measurements, as multiples and counts', () => {
	const {text} = documentWith('costs');
	const [, block = ''] = /<!-- costs -->\n([\s\S]*?)<!-- \/costs -->/.exec(text) ?? [];
	const rowsOf = (table: string): readonly string[] => table.split('\n').map(line => line.split(' | ')[0] ?? '');
	assert.deepEqual(rowsOf(block.trimEnd()), rowsOf(readmeTable(resultOf({}))), 'run `npm run bench -- --readme`');
	assert.doesNotMatch(block, / ms|s\/min|^\| [^|]+ \| –/m);
});

test('options are parsed, and unknown options and invalid values are rejected', () => {
	assert.deepEqual(readOptions(['--minutes', '10', '--readme'])?.minutes, 10);
	assert.deepEqual(readOptions(['--only', 'keys,start'])?.only, ['start', 'keys']);
	assert.deepEqual(readOptions(['--nodes', '128,1024'])?.nodes, [128, 1024]);
	for (const args of [
		['--minutes', '0'],
		['--nodes', '0'],
		['--nodes', 'x'],
		['--rounds', 'x'],
		['--only', 'all'],
		['--fast'],
		['x'],
	]) {
		assert.equal(readOptions(args), undefined, args.join(' '));
	}
});

test('the visible text is the output without control sequences', () => {
	assert.equal(
		visibleText('\u001b[?1049h\u001b[2J\u001b[38;2;1;2;3ma\u001b]11;?\u0007b\u001b]0;t\u001b\\c\u001b(Bd'),
		'abcBd',
	);
});
