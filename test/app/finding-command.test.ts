import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {type TestContext, test} from 'node:test';
import {createFindingCommand, type FindingCommandOptions, type FindingEvent} from '../../source/app/finding-command.ts';
import {eventually} from '../helpers/eventually.ts';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

function eventOf(number: number, message = `disk ${number}`): FindingEvent {
	return {
		fields: {
			RULE: 'disk',
			ID: `disk/n${number}`,
			STATE: 'active',
			SUBJECT: `n${number}`,
			MESSAGE: message,
			DEPLOYMENT: 'k4q95w5',
		},
		json: JSON.stringify({rule: 'disk', message}),
	};
}

function rig(context: TestContext, command: string, options: Partial<FindingCommandOptions> = {}) {
	const folder = temporaryFolder();
	const problems: string[] = [];
	const environment = {...process.env, OUT: folder, BASETEN_API_KEY: 'abc.secret'};
	const runner = createFindingCommand({command, environment, report: problem => problems.push(problem), ...options});
	context.after(() => runner.stop());
	const file = (name: string): string => {
		const place = path.join(folder, name);
		return existsSync(place) ? readFileSync(place, 'utf8') : '';
	};
	return {...runner, problems, file};
}

test('the command receives the event in its environment and on standard input', async context => {
	const {run, settled, problems, file} = rig(
		context,
		'cat > "$OUT/json"; printf "%s|" "$LOOPS_TOP_RULE" "$LOOPS_TOP_ID" "$LOOPS_TOP_STATE" "$LOOPS_TOP_SUBJECT" "$LOOPS_TOP_MESSAGE" "$LOOPS_TOP_DEPLOYMENT" > "$OUT/env"',
	);
	run(eventOf(1));
	await settled();
	assert.deepEqual(JSON.parse(file('json')), {rule: 'disk', message: 'disk 1'});
	assert.equal(file('env'), 'disk|disk/n1|active|n1|disk 1|k4q95w5|');
	assert.deepEqual(problems, []);
});

test('no text from a server is ever part of the command line', async context => {
	const {run, settled, file} = rig(context, 'printf %s "$LOOPS_TOP_MESSAGE" > "$OUT/message"');
	const message = `'; touch "$OUT/owned"; $(touch "$OUT/owned") \`touch "$OUT/owned"\``;
	run(eventOf(1, message));
	await settled();
	assert.equal(file('message'), message);
	assert.equal(file('owned'), '');
});

test("the API key isn't in the environment of the command", async context => {
	const {run, settled, file} = rig(context, 'env > "$OUT/env"');
	run(eventOf(1));
	await settled();
	assert.match(file('env'), /LOOPS_TOP_RULE=disk/);
	assert.ok(!file('env').includes('abc.secret'));
});

test('the command runs for one event at a time, in order', async context => {
	const {run, settled, file} = rig(
		context,
		'echo "+$LOOPS_TOP_SUBJECT" >> "$OUT/log"; cat > /dev/null; echo "-$LOOPS_TOP_SUBJECT" >> "$OUT/log"',
	);
	for (const number of [1, 2, 3]) {
		run(eventOf(number));
	}

	await settled();
	assert.equal(file('log'), '+n1\n-n1\n+n2\n-n2\n+n3\n-n3\n');
});

test('a command that fails is reported, and the next one runs', async context => {
	const {run, settled, problems} = rig(context, 'test "$LOOPS_TOP_SUBJECT" = n2 || exit 3');
	run(eventOf(1));
	run(eventOf(2));
	await settled();
	assert.deepEqual(problems, ['--on-finding failed with exit code 3 (disk)']);
});

test("a command that doesn't exist is reported", async context => {
	const {run, settled, problems} = rig(context, 'no-such-program-here');
	run(eventOf(1));
	await settled();
	assert.deepEqual(problems, ['--on-finding failed with exit code 127 (disk)']);
});

/** Waits for a condition by checking it every 10 ms, because no event announces it. */
async function until(isSo: () => boolean): Promise<void> {
	await eventually(
		() => (isSo() ? true : undefined),
		listener => {
			const timer = setInterval(listener, 10);
			return () => clearInterval(timer);
		},
		() => String(isSo),
	);
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

test('a command that hangs is killed along with its child processes, and the next one runs', async context => {
	const {run, settled, problems, file} = rig(
		context,
		'test "$LOOPS_TOP_SUBJECT" = n2 && exit; trap "" TERM; sleep 300 & echo $! > "$OUT/pid"; wait',
		{limitMs: 500},
	);
	run(eventOf(1));
	run(eventOf(2));
	await settled();
	assert.deepEqual(problems, ['--on-finding was killed after 1s (disk)']);
	await until(() => !isAlive(Number(file('pid'))));
});

test('a command ends even if it leaves a process behind, which keeps running', async context => {
	const {run, settled, problems, file} = rig(context, 'sleep 300 & echo $! > "$OUT/pid"');
	run(eventOf(1));
	await settled();
	assert.deepEqual(problems, []);
	const pid = Number(file('pid'));
	assert.ok(pid > 1 && isAlive(pid));
	process.kill(pid, 'SIGKILL');
});

test("10 MB of output on each stream is discarded, and doesn't block anything", async context => {
	const {run, settled, problems} = rig(context, 'head -c 10000000 /dev/zero; head -c 10000000 /dev/zero >&2');
	run(eventOf(1));
	await settled();
	assert.deepEqual(problems, []);
});

test("a command that doesn't read its input succeeds even if the event is large", async context => {
	const {run, settled, problems} = rig(context, 'true');
	for (let number = 0; number < 20; number++) {
		run({...eventOf(number), json: 'x'.repeat(1_000_000)});
	}

	await settled();
	assert.deepEqual(problems, []);
});

test('a value that is too long for an environment variable is cut, and NUL characters are removed', async context => {
	const {run, settled, problems, file} = rig(context, 'printf %s "$LOOPS_TOP_MESSAGE" | wc -c > "$OUT/size"');
	run(eventOf(1, `\0${'x'.repeat(300_000)}`));
	await settled();
	assert.deepEqual(problems, []);
	assert.equal(file('size').trim(), '32768');
});

test("events that don't fit in the queue are dropped and counted", async context => {
	const {run, settled, problems} = rig(context, 'cat > /dev/null', {maxWaiting: 2});
	for (let number = 0; number < 8; number++) {
		run(eventOf(number));
	}

	await settled();
	assert.deepEqual(problems, ['--on-finding is too slow: 5 events were dropped']);
});

test('stopping kills the running command along with its process group, and drops the queue', async context => {
	const {run, settled, stop, problems, file} = rig(context, 'sleep 300 & echo $! > "$OUT/pid"; wait');
	run(eventOf(1));
	run(eventOf(2));
	await until(() => file('pid').endsWith('\n'));
	stop();
	await settled();
	await until(() => !isAlive(Number(file('pid'))));
	assert.deepEqual(problems, []);
});
