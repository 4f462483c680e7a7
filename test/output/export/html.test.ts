import assert from 'node:assert/strict';
import {test} from 'node:test';
import {nodeSeriesPaths} from '../../../source/api/series-table.ts';
import {htmlPage} from '../../../source/output/export/html.ts';
import {binaryTicks, decimalTicks, svgChart} from '../../../source/output/export/svg-chart.ts';
import {svgHeatMap} from '../../../source/output/export/svg-heat-map.ts';
import {reduce} from '../../../source/state/reducer.ts';
import type {State} from '../../../source/state/state.ts';
import {emptyState, metricsAction, nodeUntil} from '../../helpers/old-samples.ts';
import {withOptional} from '../../helpers/optional-series.ts';
import {pointsOf} from '../../helpers/points.ts';
import {sampleState} from '../../helpers/sample-state.ts';

const state = sampleState({nodes: 4, gpus: 8});
const page = htmlPage(state, 'utc');

test('a page shows the finding, a chart of each kind, and a row for each node', () => {
	assert.match(page, /<li>straggler: loops-trainer-2 GPU 5 at 31%/);
	for (const title of ['Requests per second', 'Latency', 'Failed requests per second', 'GPU utilization', 'RAM']) {
		assert.ok(page.includes(`aria-label="${title}"`), title);
	}

	assert.equal([...page.matchAll(/<th scope="row">loops-trainer-\d<\/th>/g)].length, 4);
	assert.match(page, /1h: Nov 23 08:06:00 to Nov 23 09:06:00, UTC/);
});

for (const [nodes, gpus, span] of [
	[1, 8, 1],
	[4, 8, 3],
	[16, 8, 7],
] as const) {
	test(`the row span of the heat map of ${nodes}×${gpus} GPUs is ${span}, so that no space is left empty`, () => {
		const [, rows, height] =
			/style="grid-row:span (\d+)".*?viewBox="0 0 480 (\d+)" role="img" aria-label="GPU utilization"/.exec(
				htmlPage(sampleState({nodes, gpus}), 'utc'),
			) ?? assert.fail();
		assert.equal(Number(rows), span);
		// Charts are 160 units high.
		assert.ok(Number(height) > 160 * (span - 1) && Number(height) < 205 * span);
	});
}

test('a metric without samples has a chart only if the metric is required', () => {
	const node = {...nodeUntil('a', 0), cpu_memory_usage_bytes: []};
	const pageOf = (): string => htmlPage(reduce(emptyState(), metricsAction([node])), 'utc');
	const chart = /aria-label="RAM"/;
	assert.match(pageOf(), chart);
	assert.doesNotMatch(withOptional(nodeSeriesPaths.ram, pageOf), chart);
	assert.match(
		withOptional(nodeSeriesPaths.ram, () => htmlPage(state, 'utc')),
		chart,
	);
});

test('a page runs no scripts, makes no requests, and contains no email addresses', () => {
	assert.doesNotMatch(page, /<script|<link|<img|@import|url\(|https?:|\son\w+=/i);
	assert.match(page, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/);
	assert.ok(!page.includes('@baseten') && !/[\w.]+@[\w.]+\.\w+/.test(page), 'the page contains an email address');
});

test('external names are escaped everywhere', () => {
	const name = `<script>alert("1")</script>&'`;
	const {trainer} = state.views;
	const node = trainer.snapshot.nodes[0] ?? assert.fail();
	const deployment = trainer.deployment ?? assert.fail();
	const named: State = {
		...state,
		views: {
			...state.views,
			trainer: {
				...trainer,
				snapshot: {...trainer.snapshot, nodes: [{...node, id: name}]},
				deployment: {...deployment, baseModel: `model ${name}`},
			},
		},
	};
	const text = htmlPage(named, 'utc');
	assert.ok(!text.includes('<script'));
	const escaped = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;';
	for (const place of [`<h1>model ${escaped}</h1>`, `<th scope="row">${escaped}</th>`, `>${escaped}</text>`]) {
		assert.ok(text.includes(place), place);
	}
});

const options = {
	title: 't',
	startMs: 0,
	endMs: 600_000,
	stepMs: 30_000,
	zone: 'utc',
	marks: [],
	format: String,
} as const;

function curveOf(svg: string): string {
	return /class="curve a" d="([^"]*)"/.exec(svg)?.[1] ?? assert.fail(svg);
}

test('a gap in a series is a gap in its curve, and an isolated point is a dot', () => {
	const points = pointsOf(
		[30_000, 1],
		[60_000, 1],
		[90_000, null],
		[120_000, 1],
		[150_000, 1],
		[180_000, 1],
		[540_000, 1],
	);
	const path = curveOf(svgChart([{name: 'a', tone: 'a', points}], options));
	assert.equal([...path.matchAll(/M/g)].length, 3);
	assert.equal([...path.matchAll(/h0/g)].length, 3);
});

test('a chart without values says so', () => {
	assert.match(svgChart([{name: 'a', tone: 'a', points: pointsOf([30_000, null])}], options), /no data in this window/);
});

test('axes end at or above the highest value, and have ticks at readable steps', () => {
	assert.deepEqual(decimalTicks(0), [0, 1]);
	assert.deepEqual(decimalTicks(13), [0, 5, 10, 15]);
	assert.deepEqual(decimalTicks(0.3), [0, 0.1, 0.2, 0.3]);
	assert.deepEqual(decimalTicks(100), [0, 20, 40, 60, 80, 100]);
	assert.deepEqual(
		binaryTicks(303 * 1024 ** 3).map(bytes => bytes / 1024 ** 3),
		[0, 128, 256, 384],
	);
});

function cellsOf(svg: string): readonly string[] {
	return [...svg.matchAll(/class="(heat\d)" d="([^"]*)"/g)].map(
		([, step, path = '']) => `${step} ${path.split('M').length - 1}`,
	);
}

test('cells of the heat map have the color of their own value, and cells without a sample have none', () => {
	const points = pointsOf([30_000, 0], [60_000, 0.19], [90_000, 0.2], [120_000, null], [150_000, 1], [180_000, 1.2]);
	const svg = svgHeatMap([{group: 'n', label: 'GPU 0', points}], options);
	assert.deepEqual(cellsOf(svg), ['heat0 1', 'heat1 1', 'heat4 1']);
});

test('no sample of a full series falls between the columns of the heat map', () => {
	for (const stepMs of [15_000, 30_000, 60_000, 480_000]) {
		const count = 120;
		const pairs = Array.from({length: count}, (_, place) => [(place + 1) * stepMs, 0.5] as const);
		const svg = svgHeatMap([{group: 'n', label: '0', points: pointsOf(...pairs)}], {
			...options,
			stepMs,
			endMs: count * stepMs,
		});
		assert.deepEqual(cellsOf(svg), ['heat2 1'], `${stepMs}`);
	}
});
