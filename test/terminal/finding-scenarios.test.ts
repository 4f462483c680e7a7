import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {ResponseRecord} from '../../source/recording/format.ts';
import {findingScenarios} from '../helpers/finding-scenarios.ts';
import {openTerminal, runProgram} from '../helpers/real-terminal.ts';
import {writeRecording} from '../helpers/recorded-session.ts';
import {bodyOf, type DeploymentModel, deploymentBodyAt, every, minute, noon} from '../helpers/simulated-deployment.ts';

/** Writes a recording in which the program polls a model every minute, and returns the recording's path. */
function recordingOf(model: DeploymentModel, until: number): string {
	const path = '/v1/loops/deployments/k4q95w5';
	const responses = every(1, 0, until).flatMap((minutes): readonly ResponseRecord[] => {
		const sentMs = noon + minutes * minute;
		const from = minutes === 0 ? -60 : minutes - 3;
		const body = {start_epoch_millis: noon + from * minute, end_epoch_millis: sentMs, step_seconds: 30};
		const times = {sentMs, receivedMs: sentMs + 100, window: '1h'};
		const metrics = {metrics: bodyOf(model, from, minutes)};
		return [
			{...times, request: {path: `${path}/metrics`, body}, result: {ok: true, value: metrics, tookMs: 100}},
			{...times, request: {path}, result: {ok: true, value: deploymentBodyAt(model, minutes), tookMs: 100}},
		];
	});
	return writeRecording(responses);
}

type Line = {
	readonly findings: ReadonlyArray<{
		readonly state: string;
		readonly rule: string;
		readonly subject: {readonly node: string | null};
		readonly message: string;
	}>;
};

for (const {what, model, until, found} of findingScenarios) {
	test(`${what}: the program's screen, sentences, JSON, text, and exit code agree`, async context => {
		const file = recordingOf(model, until);
		const replay = ['--replay', file, '--utc'];
		const terminal = openTerminal({columns: 160, rows: 45, args: [...replay, '--speed', '1000', '--bell']});
		context.after(() => terminal.close());
		let rang = false;
		terminal.emulator.onBell(() => {
			rang = true;
		});
		const [lines, text, failing, plain] = await Promise.all([
			runProgram([...replay, '-o', 'jsonl']),
			runProgram([...replay, '-o', 'text']),
			runProgram([...replay, '-o', 'json', '--fail-on', 'any']),
			runProgram([...replay, '--plain', '--speed', '1000']),
		]);
		const all = lines.stdout
			.trimEnd()
			.split('\n')
			.map(line => (JSON.parse(line) as Line).findings.filter(({state}) => state !== 'resolved'));
		const last = all.at(-1) ?? [];
		assert.deepEqual(
			last.map(({state, rule, subject}) => `${state} ${rule} ${subject.node ?? ''}`),
			found,
		);
		const active = last.filter(({state}) => state === 'active');
		// A snapshot at the end shows the findings in the last hour, like a program that starts at that time.
		const current = (JSON.parse(failing.stdout) as Line).findings.filter(({state}) => state !== 'resolved');
		const currentActive = current.filter(({state}) => state === 'active');
		const count = (start: string): number => text.stdout.split('\n').filter(line => line.startsWith(start)).length;
		assert.deepEqual(
			[count('finding '), count('unknown now ')],
			[currentActive.length, current.length - currentActive.length],
		);
		assert.equal(failing.exitCode, currentActive.length === 0 ? 0 : 10);
		const names = current.map(({state, rule, subject}) => `${state} ${rule} ${subject.node ?? ''}`);
		assert.deepEqual(names, found);

		// Sentences announce all active findings, except those of the rule `status`, which the first lines can list.
		for (const {rule, message} of active.filter(({rule: name}) => name !== 'status')) {
			assert.match(plain.stdout, new RegExp(`Found: ${rule}: `), message);
		}

		assert.equal(/Resolved: .*no longer nearly full/.test(plain.stdout), false);
		const rows = await terminal.waitFor(shown => shown[0]?.includes('replay ended') === true);
		const screen = rows.join('\n');
		assert.equal(
			/ \d+ findings?\b/.exec(screen)?.[0],
			last.length === 0 ? undefined : ` ${last.length} finding${last.length === 1 ? '' : 's'}`,
		);
		const outlines = all.map(findings =>
			findings.map(({state, rule, subject}) => `${state} ${rule} ${subject.node ?? ''}`).join(),
		);
		const changed = outlines.some((outline, index) => index > 0 && outline !== outlines[index - 1]);
		assert.equal(rang, changed);
	});
}
