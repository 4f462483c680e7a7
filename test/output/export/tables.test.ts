import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {csvColumns, csvRows, openMetricsText} from '../../../source/output/export/export-text.ts';
import {type ExportedSeries, exportedSeries} from '../../../source/output/export/exported-series.ts';
import {gaugesOf} from '../../../source/output/gauges.ts';
import {jsonSnapshot} from '../../../source/output/json.ts';
import {needs} from '../../helpers/needs.ts';
import {pointsOf} from '../../helpers/points.ts';
import {sampleNow, sampleState} from '../../helpers/sample-state.ts';
import {temporaryFile, temporaryFolder} from '../../helpers/temporary-folder.ts';

const state = sampleState({nodes: 2, gpus: 2});
const [history] = state.components.trainer.histories;
const series = exportedSeries('trainer', history);

function one(change: Partial<ExportedSeries>): readonly ExportedSeries[] {
	const [first = assert.fail()] = series;
	return [{...first, ...change}];
}

function sampleCount(): number {
	return series.reduce((sum, {points: {times}}) => sum + times.length, 0);
}

test('every known value in the window has a row, and a gap has none', () => {
	const rows = [...csvRows(series)].join('').split('\r\n');
	assert.equal(rows[0], csvColumns.join(','));
	assert.equal(rows.at(-1), '');
	assert.equal(rows.length - 2, sampleCount());
	const [volume = assert.fail()] = series;
	// Nine samples are missing, and the last step has none yet.
	assert.equal(volume.points.times.length, 121 - 9 - 1);
	assert.ok(!rows.some(row => row.includes('NaN')));
});

test('a series has the same Prometheus name and help text in an export and in the live metrics', () => {
	const live = new Map(gaugesOf(state, sampleNow).map(({name, help}) => [name, help]));
	for (const {metric} of series) {
		const {name, help} = metric.prometheus;
		assert.equal(live.get(name), help, name);
	}
});

test('the value in the newest row of a series equals the one in -o json', () => {
	const {metrics, nodes} = jsonSnapshot(state);
	const newest = new Map<string, string>();
	for (const row of [...csvRows(series)].join('').split('\r\n').slice(1, -1)) {
		const [, component, node, gpu, metric, unit, value = ''] = row.split(',');
		newest.set([component, node, gpu, metric, unit].join(' '), value);
	}

	for (const [name, {unit, value}] of Object.entries(metrics)) {
		assert.equal(Number(newest.get(`trainer   ${name} ${unit}`)), value, name);
	}

	for (const node of nodes) {
		assert.equal(Number(newest.get(`trainer ${node.id}  cpu cores`)), node.metrics.cpu.value);
		assert.equal(Number(newest.get(`trainer ${node.id}  disk_utilization ratio`)), node.metrics.disk_utilization.value);
		for (const {rank, metrics: gpu} of node.gpus) {
			assert.equal(Number(newest.get(`trainer ${node.id} ${rank} gpu_utilization ratio`)), gpu.utilization.value);
			assert.equal(Number(newest.get(`trainer ${node.id} ${rank} gpu_memory bytes`)), gpu.memory.value);
		}
	}
});

test('values have a decimal point, or an exponent if they are very large or small', () => {
	const written = [...csvRows(one({points: pointsOf([0, 0], [1, 0.5], [2, 12], [3, 1e21], [4, 1e-7], [5, 2 ** 53])}))]
		.join('')
		.split('\r\n')
		.slice(1, -1)
		.map(row => row.split(',').at(-1));
	assert.deepEqual(written, ['0.0', '0.5', '12.0', '1e+21', '1e-7', '9007199254740992.0']);
});

for (const [name, cell] of [
	['=1+2', `'=1+2`],
	['+n', `'+n`],
	['-n', `'-n`],
	['@n', `'@n`],
	['a,b', '"a,b"'],
	['a"b', '"a""b"'],
	['=a,b', `"'=a,b"`],
	['n-0', 'n-0'],
] as const) {
	test(`the node ${name} is written as the cell ${cell}`, () => {
		const [, row = ''] = [...csvRows(one({node: name, points: pointsOf([0, 1])}))].join('').split('\r\n');
		assert.ok(row.startsWith(`1970-01-01T00:00:00.000Z,trainer,${cell},,requests,`), row);
	});
}

test('Python reads the same values from the table', {skip: needs('python3')}, () => {
	const file = temporaryFile('window.csv');
	writeFileSync(file, [...csvRows(series)].join(''));
	const script = [
		'import csv, sys',
		'rows = list(csv.DictReader(open(sys.argv[1], newline="")))',
		'print(len(rows), sum(float(row["value"]) for row in rows if row["metric"] == "gpu_utilization"))',
	].join('\n');
	const {stdout, stderr} = spawnSync('python3', ['-c', script, file], {encoding: 'utf8'});
	const [count, sum] = stdout.split(' ').map(Number);
	assert.equal(count, sampleCount(), stderr);
	const utilization = series.filter(({metric}) => metric.name === 'gpu_utilization');
	const expected = utilization.flatMap(({points: {values}}) => [...values]).reduce((a, b) => a + b, 0);
	assert.ok(Math.abs((sum ?? 0) - expected) < 1e-9);
});

test('a backfill file has each family once, ascending times in seconds for each series, and an end marker', () => {
	const text = [...openMetricsText(series, 'k4q95w5')].join('');
	const lines = text.split('\n');
	assert.equal(lines.at(-2), '# EOF');
	assert.ok(!lines.slice(0, -1).includes(''), 'the file contains a blank line');
	const types = lines.filter(line => line.startsWith('# TYPE '));
	assert.equal(new Set(types).size, types.length);
	const timesOf = new Map<string, number[]>();
	for (const line of lines.filter(text => text.startsWith('loops_'))) {
		const [, labels = '', time = ''] = /^(.*\}) \S+ (\d{10})$/.exec(line) ?? assert.fail(line);
		timesOf.set(labels, [...(timesOf.get(labels) ?? []), Number(time)]);
	}

	assert.equal(timesOf.size, series.length);
	for (const [labels, times] of timesOf) {
		assert.ok(times.length > 100 && times.every((time, place) => time > (times[place - 1] ?? 0)), labels);
	}

	assert.match(text, /^loops_latency_seconds\{deployment="k4q95w5",percentile="99"\} 1\.\d+ \d{10}$/m);
	assert.match(
		text,
		/^loops_gpu_utilization_ratio\{deployment="k4q95w5",node="loops-trainer-1",gpu="0"\} 0\.\d+ \d{10}$/m,
	);
});

test('labels are escaped', () => {
	const text = [...openMetricsText(one({node: 'a"\\b', points: pointsOf([0, 1])}), 'k')].join('');
	assert.match(text, /\{deployment="k",node="a\\"\\\\b"\} 1 0\n/);
});

test('Prometheus imports every sample of a backfill', {skip: needs('promtool')}, () => {
	const place = temporaryFolder();
	const file = path.join(place, 'window.om');
	writeFileSync(file, [...openMetricsText(series, 'k4q95w5')].join(''));
	const {status, stdout, stderr} = spawnSync(
		'promtool',
		['tsdb', 'create-blocks-from', 'openmetrics', file, path.join(place, 'data')],
		{encoding: 'utf8'},
	);
	assert.equal(status, 0, stderr);
	// Columns: ULID, minimum time, maximum time, duration, samples, chunks, series, size.
	const imported = [...stdout.matchAll(/^\w{26}\s+\d+\s+\d+\s+\S+\s+(\d+)/gm)].map(([, samples]) => Number(samples));
	assert.equal(
		imported.reduce((a, b) => a + b, 0),
		sampleCount(),
		stdout,
	);
});
