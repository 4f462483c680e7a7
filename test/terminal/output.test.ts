import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {type Schema, Validator} from '@cfworker/json-schema';
import type {Snapshot} from '../../source/output/snapshot-types.ts';
import {openTerminal, program, runProgram} from '../helpers/real-terminal.ts';

const dist = path.dirname(program);
const schema = JSON.parse(readFileSync(path.join(dist, 'schema.json'), 'utf8')) as Schema;
const validator = new Validator(schema, '2020-12', false);

function read(stdout: string): Snapshot {
	const snapshot: unknown = JSON.parse(stdout);
	assert.deepEqual(validator.validate(snapshot).errors, []);
	return snapshot as Snapshot;
}

for (const scenario of ['steady', 'single', 'straggler', 'errors', 'idle', 'deploying']) {
	test(`-o json of ${scenario} is as the published schema says`, async () => {
		const {stdout, stderr, exitCode} = await runProgram(['--demo', scenario, '-o', 'json']);
		assert.equal(stderr, '');
		assert.equal(exitCode, 0);
		const {deployment, findings, has_metrics} = read(stdout);
		assert.equal(deployment.id, 'k4q95w5');
		assert.equal(has_metrics, scenario !== 'deploying');
		assert.notEqual(findings, null);
	});
}

test('-o json of a day has the findings of the last hour', async () => {
	const {stdout} = await runProgram(['--demo', 'straggler', '-o', 'json', '-w', '24h']);
	const {window, findings} = read(stdout);
	assert.deepEqual([window.name, window.step_seconds], ['24h', 480]);
	assert.deepEqual(
		findings?.map(({rule, subject}) => [rule, subject.node, subject.gpu]),
		[['straggler', 'loops-trainer-2', '5']],
	);
});

test('-o text is text in a terminal too', async context => {
	const args = ['--demo', 'single', '-o', 'text'];
	const terminal = openTerminal({columns: 80, rows: 45, args});
	context.after(() => terminal.close());
	assert.equal((await terminal.exit).exitCode, 0);
	const rows = terminal.screen();
	assert.match(rows[0] ?? '', /^deployment {4}k4q95w5$/);
	assert.ok(!terminal.written().includes('\u001b[?'));
	const {stdout} = await runProgram(args);
	const labels = (lines: readonly string[]): readonly string[] => lines.map(line => line.slice(0, 14).trimEnd());
	assert.deepEqual(labels(rows).slice(0, 20), labels(stdout.split('\n')).slice(0, 20));
});

test('the types that are published stand alone', () => {
	const types = readFileSync(path.join(dist, 'snapshot.d.ts'), 'utf8');
	assert.match(types, /^export type Snapshot = \{$/m);
	assert.doesNotMatch(types, /^import /m);
});

test('an output that there is not is one sentence and exit code 2', async () => {
	const output = await runProgram(['--demo', '-o', 'yaml']);
	assert.equal(output.stdout, '');
	assert.equal(output.stderr, 'loops-top: --output "yaml" is not one of text, json. See loops-top --help.\n');
	assert.equal(output.exitCode, 2);
});
