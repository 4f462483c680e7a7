import assert from 'node:assert/strict';
import {test} from 'node:test';
import {errorsMs} from '../../source/metrics/rules/requests.ts';
import type {UserAction} from '../../source/state/actions.ts';
import {reduce} from '../../source/state/reducer.ts';
import type {State} from '../../source/state/state.ts';
import {errorRange} from '../../source/text/finding-text.ts';
import {formatShare} from '../../source/text/format.ts';
import {calculateLayout, type Size} from '../../source/view/layout.ts';
import {deploymentAction, emptyState, metricsAction, nodeUntil, sampleNow} from '../helpers/old-samples.ts';
import {servedPoints} from '../helpers/responses.ts';
import {sampleState, sampleStatus} from '../helpers/sample-state.ts';
import {screenText as linesOf} from '../helpers/screen-text.ts';

const map: readonly UserAction[] = [{type: 'focusPane', pane: 'gpus'}, {type: 'toggleFullScreen'}];
const wide = {columns: 160, rows: 45};

function screenText(state: State, size: Size): string {
	return linesOf(state, size).join('\n');
}

/** Returns the ranks of the GPUs that have a row in the map, from top to bottom. */
function rowsOf(text: string): readonly string[] {
	return [...text.matchAll(/[│ ][▸ ] ?(\d) [^\n│]*?\d+%/g)].map(([, rank = '']) => rank);
}

test('128 GPUs fit on one screen, one per row below its node, and the node with a finding is first', () => {
	const text = screenText(sampleState({nodes: 16, gpus: 8}, ...map), wide);
	const heads = [...text.matchAll(/loops-trainer-\d+ .?.? +\d+%/g)];
	assert.equal(heads.length, 16);
	assert.match(heads[0]?.[0] ?? '', /trainer-2 !/);
	assert.doesNotMatch(text, /[↑↓]\d/);
	assert.equal(rowsOf(text).length, 128);
});

test('512 GPUs fit on one screen: each node has one row, and the GPU with a finding also has its own', () => {
	const text = screenText(sampleState({nodes: 64, gpus: 8}, ...map), wide);
	for (let node = 0; node < 64; node++) {
		assert.match(text, new RegExp(`trainer-${node}\\b`));
	}

	assert.doesNotMatch(text, /[↑↓]\d/);
	assert.match(text, / 5 [^│]*31% !/);
});

test('in the heat map, the curves of nodes and of GPUs begin in the same column', () => {
	for (const size of [wide, {columns: 100, rows: 30}, {columns: 80, rows: 24}]) {
		const rows = linesOf(sampleState({nodes: 64, gpus: 8}, ...map), size);
		const cells = rows.flatMap(row => /^│[▸ ](?:…?\S*trainer-\d+| *\d) +(?=[▁▃▅▆▇╱])/.exec(row)?.[0].length ?? []);
		assert.ok(cells.length > 8, `${cells.length} rows`);
		assert.equal(new Set(cells).size, 1, rows.join('\n'));
	}
});

test('a mark follows the value that a finding is about, and partly known memory is shown as a lower bound', () => {
	for (const size of [{columns: 100, rows: 30}, {columns: 80, rows: 24}, {columns: 40, rows: 45}, wide]) {
		assert.match(screenText(sampleState({nodes: 4, gpus: 8}, {type: 'selectNode', by: 2}), size), / 31%! /);
	}

	const [first, second] = [nodeUntil('n-0', 0), nodeUntil('n-1', 0)];
	const {3: lost = [], ...known} = second.gpu_memory_usage_bytes;
	const partial = {...second, gpu_memory_usage_bytes: {...known, 3: lost.slice(0, 60)}};
	const state = [metricsAction([first, partial]), deploymentAction(2)].reduce(reduce, emptyState());
	const text = screenText(state, wide);
	assert.match(text, /n-0 [^\n]* 75% /);
	assert.match(text, /n-1 [^\n]* >56% /);
	assert.match(text, /all 2 [^\n]* >65% /);
});

test('the request rate is shown with its range in the window, so that a normal dip is recognizable as one', () => {
	assert.match(
		screenText(sampleState({nodes: 4, gpus: 8}), wide),
		/1 Requests ─+ 11\.8\/s \(7–13 in 1h\) · 8 in progress/,
	);
});

test('m switches the heat map between memory and utilization', () => {
	const memory = screenText(sampleState({nodes: 2, gpus: 8}, ...map, {type: 'nextChoice', choice: 'heat'}), wide);
	assert.match(memory, /GPUs ─ memory over time/);
	assert.match(memory, / 0 [▁▃▅▆▇╱]+ +75%/);
	const both = [...map, {type: 'nextChoice', choice: 'heat'}, {type: 'nextChoice', choice: 'heat'}] as const;
	assert.match(screenText(sampleState({nodes: 2, gpus: 8}, ...both), wide), /utilization over time/);
});

test("if there are few nodes, each node's curves are below it, and the findings are below all nodes", () => {
	const text = screenText(sampleState({nodes: 4, gpus: 8}), wide);
	assert.match(text, / finding [\s\S]*! straggler +loops-trainer-2 GPU 5/);
	assert.match(text, /loops-trainer-0[^\n]*\n[^\n]*util .* cpu .* ram .* disk /);
	assert.match(text, / 0–100% .* 0–100% .* 0–100% .* \d+–\d+% /, 'a curve has no range');
});

test("GPUs that don't fit are counted, those with a finding are named, and the selected one is visible", () => {
	const size = {columns: 80, rows: 24};
	const text = screenText(sampleState({nodes: 4, gpus: 40}, {type: 'selectNode', by: 2}), size);
	assert.match(text, /↓ \d+ more/);
	const last = screenText(
		sampleState({nodes: 4, gpus: 40}, {type: 'point', pane: 'gpus', node: 'loops-trainer-2', rank: '39'}),
		size,
	);
	assert.match(last, / 39 /);
	assert.match(last, /↑ \d+ more {2}! 5/);
});

test('the time axis below a chart marks the beginnings of findings', () => {
	const axes = linesOf(sampleState({nodes: 4, gpus: 8}), wide).filter(line => /08:30.*09:00/.test(line));
	assert.ok(axes.length > 0);
	assert.match(axes.at(-1) ?? '', /08:45 +!? *08?.*!/);
});

test('the status pane shows recent shares as bars, the shares in the window, and charts of failures', () => {
	const text = screenText(sampleState({nodes: 4, gpus: 8}), wide);
	assert.match(text, new RegExp(` ${errorRange.short} +1h │`));
	const recent = Array.from({length: errorsMs / 30_000}, (_, ago) => sampleStatus(119 - ago));
	const sum = (rates: readonly number[]): number => rates.reduce((total, rate) => total + rate, 0);
	const failed = sum(recent.map(({status_5xx}) => status_5xx));
	const share = formatShare(failed / sum(recent.flatMap(Object.values<number>)));
	assert.match(text, new RegExp(`5xx [▏▎▍▌▋▊▉█▇]* +${share} +0\\.5% │`));
	assert.match(text, /4xx per second[\s\S]*5xx per second/);
	const short = screenText(sampleState({nodes: 4, gpus: 8}), {columns: 100, rows: 30});
	assert.doesNotMatch(short, new RegExp(`${errorRange.short} +1h`));
});

test('without requests, the GPUs take up the space of the request charts', () => {
	const heights = [false, true].map(isWithoutRequests => {
		const layout = calculateLayout(wide, {gpus: 4, nodes: 1, isWithoutRequests}, undefined);
		return layout.kind === 'screen' ? layout.places.map(({pane, rect}) => [pane, rect.height] as const) : [];
	});
	const [usual = [], without = []] = heights.map(list =>
		list.filter(([pane]) => pane === 'gpus' || pane === 'requests'),
	);
	assert.ok((usual[1]?.[1] ?? 0) < (without[1]?.[1] ?? 0));
	assert.equal(without[0]?.[1], 5);
});

test('nodes with missing or absurd storage samples are drawn with their other curves', () => {
	const absurd = {utilization: [{timestamp: new Date(sampleNow).toISOString(), value: 1e15}], usage_bytes: []};
	for (const storage of [{utilization: [], usage_bytes: []}, absurd]) {
		const node = {...nodeUntil('a', 0), ephemeral_storage: storage};
		const text = screenText(reduce(reduce(emptyState(), metricsAction([node])), deploymentAction(1)), wide);
		assert.match(text, /util.*cpu.*ram.*disk/s);
	}
});

const tebibyte = 1024 ** 4;

/** A series that grows from 1 to nearly 3 TiB over the last hour. */
const tebibytes = servedPoints(
	...Array.from({length: 120}, (_, index): readonly [number, number] => [
		sampleNow - (119 - index) * 30_000,
		(1 + index / 60) * tebibyte,
	]),
);

const sizes = nodeUntil('a', 0);
for (const {what, node, title, actions} of [
	{
		what: 'GPU memory',
		node: {...sizes, gpu_memory_usage_bytes: {0: tebibytes}},
		title: /memory, of/,
		actions: [{type: 'focusPane', pane: 'gpus'}, {type: 'enter'}, {type: 'enter'}],
	},
	{
		what: 'RAM',
		node: {...sizes, cpu_memory_usage_bytes: tebibytes},
		title: /RAM, of/,
		actions: [{type: 'focusPane', pane: 'nodes'}, {type: 'enter'}, {type: 'enter'}],
	},
	{
		what: 'storage without a known share',
		node: {...sizes, ephemeral_storage: {utilization: [], usage_bytes: tebibytes}},
		title: /^│ storage/,
		actions: [{type: 'focusPane', pane: 'nodes'}, {type: 'enter'}, {type: 'enter'}],
	},
] satisfies readonly {what: string; node: object; title: RegExp; actions: readonly UserAction[]}[]) {
	test(`the axis of ${what} is labeled in TiB`, () => {
		const all = [metricsAction([node]), deploymentAction(1), ...actions];
		const rows = linesOf(all.reduce(reduce, emptyState()), wide);
		const chart = rows.slice(rows.findIndex(row => title.test(row)));
		const end = chart.findIndex((row, index) => index > 0 && !row.includes(' ┤'));
		const labels = chart.slice(0, end).flatMap(row => /^│? *([\d.]+[a-zA-Z]*) ┤/.exec(row)?.[1] ?? []);
		assert.deepEqual([labels[0], labels.at(-1)], ['3T', '1T']);
		assert.ok(
			labels.every(label => /^[\d.]+T$/.test(label)),
			labels.join(),
		);
	});
}

test('an arrow marks growing storage only if much of it is in use or it will be full soon', () => {
	for (const [from, to, expected] of [
		[0.3, 0.35, /35% /],
		[0.76, 0.79, /79%↑/],
		[0.3, 0.6, /60%↑/],
	] as const) {
		const utilization = Array.from({length: 120}, (_, index) => ({
			timestamp: new Date(sampleNow - (119 - index) * 30_000).toISOString(),
			value: from + ((to - from) * index) / 119,
		}));
		const whole = nodeUntil('n-0', 0);
		const node = {...whole, ephemeral_storage: {usage_bytes: [], utilization}};
		const state = [metricsAction([node]), deploymentAction(1)].reduce(reduce, emptyState());
		assert.match(screenText(state, wide), expected);
	}
});
