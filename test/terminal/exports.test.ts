import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Snapshot} from '../../source/output/snapshot-types.ts';
import {runProgram} from '../helpers/real-terminal.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';

/** Records a scenario of the demo, so that every export has the same samples. Returns the path of the recording. */
async function recordDemo(scenario: string): Promise<string> {
	const file = temporaryFile('demo.jsonl');
	const {exitCode} = await runProgram(['--demo', scenario, '-o', 'json', '--record', file]);
	assert.equal(exitCode, 0);
	return file;
}

test('the exports of a recording contain the same values as -o json', async () => {
	const file = await recordDemo('straggler');
	const output = async (format: string): Promise<string> => {
		const {stdout, stderr, exitCode} = await runProgram(['--replay', file, '-o', format]);
		assert.equal(stderr, '');
		assert.equal(exitCode, 0);
		return stdout;
	};
	const {metrics, nodes} = JSON.parse(await output('json')) as Snapshot;
	const rows = (await output('csv')).split('\r\n').slice(1, -1);
	const newest = (subject: string): number =>
		Number(
			rows
				.findLast(row => row.includes(subject))
				?.split(',')
				.at(-1),
		);
	assert.equal(newest(',trainer,,,latency_p99,ms,'), metrics.latency_p99.value);
	const gpu = nodes[2]?.gpus[5] ?? assert.fail();
	assert.equal(newest(',trainer,loops-trainer-2,5,gpu_utilization,ratio,'), gpu.metrics.utilization.value);

	const backfill = await output('openmetrics');
	assert.match(backfill, /\n# EOF\n$/);
	assert.equal(backfill.split('\n').filter(line => /^\w/.test(line)).length, rows.length);

	const page = await output('html');
	assert.match(page, /^<!doctype html>/);
	assert.match(page, /straggler: loops-trainer-2 GPU 5/);
});

test('a window of seven days is exported with its own step', async () => {
	const {stdout} = await runProgram(['--demo', 'single', '-o', 'csv', '-w', '7d']);
	const times = stdout
		.split('\r\n')
		.filter(row => row.includes(',requests,requests/s,'))
		.map(row => Date.parse(row.split(',')[0] ?? ''));
	assert.ok(times.length > 160, `${times.length} rows`);
	assert.ok(times.every((time, place) => place === 0 || time - (times[place - 1] ?? 0) >= 3_600_000));
});

test('an export can end with the exit code of --fail-on', async () => {
	const {exitCode, stderr} = await runProgram(['--demo', 'straggler', '-o', 'csv', '--fail-on', 'straggler']);
	assert.equal(exitCode, 10);
	assert.match(stderr, /straggler/);
});

test('--from and --to limit the export of a recording or of a live deployment to a time range', async () => {
	const file = await recordDemo('straggler');
	const all = (await runProgram(['--replay', file, '-o', 'csv', '--from', '+0'])).stdout.split('\r\n').slice(1, -1);
	const whole = (await runProgram(['--replay', file, '-o', 'csv'])).stdout.split('\r\n').slice(1, -1);
	const to = new Date(Date.now() - 600_000).toISOString();
	const from = new Date(Date.now() - 1_800_000).toISOString();
	const part = await runProgram(['--replay', file, '-o', 'csv', '--from', from, '--to', to]);
	assert.equal(part.stderr, '');
	const isWithin = (row: string): boolean => (row.split(',')[0] ?? '') >= from && (row.split(',')[0] ?? '') <= to;
	assert.ok(whole.length > 1000);
	assert.deepEqual(part.stdout.split('\r\n').slice(1, -1), whole.filter(isWithin));
	assert.ok(all.length <= whole.length);

	const live = await runProgram(['--demo', 'single', '-o', 'csv', '--from', from, '--to', to]);
	const rows = live.stdout.split('\r\n').slice(1, -1);
	assert.ok(rows.length > 100 && rows.every(isWithin));
});

test('an HTML page about a past range shows the findings, the start and end, and the time of the status', async () => {
	const {stdout: page} = await runProgram(['--demo', 'errors', '-o', 'html', '--from', '-2h', '--utc']);
	assert.match(page, /<li>5xx: /);
	assert.match(page, /<p>\w+ \d+ [\d:]+ to \w+ \d+ [\d:]+, UTC<\/p>/);
	assert.match(page, /k4q95w5 · RUNNING on \w+ \d+ [\d:]+ · /);
	assert.match(page, /Utilization at the end/);
	const {stdout: usual} = await runProgram(['--demo', 'errors', '-o', 'html', '--utc']);
	assert.match(usual, /<p>1h: /);
	assert.match(usual, /k4q95w5 · RUNNING · /);
});

test('a range without samples is reported on standard error, and exported as a table without rows', async () => {
	const file = await recordDemo('single');
	const range = ['--from', '2020-01-01', '--to', '2020-01-02'];
	const {stdout, stderr, exitCode} = await runProgram(['--replay', file, '-o', 'csv', ...range]);
	assert.equal(stdout, 'time,component,node,gpu,metric,unit,value\r\n');
	assert.equal(stderr, 'loops-top: There are no samples in this time range.\n');
	assert.equal(exitCode, 0);
});
