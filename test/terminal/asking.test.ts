import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import packageJson from '../../package.json' with {type: 'json'};
import {findWindow, windows} from '../../source/metrics/windows.ts';
import {unlessPreloaded} from '../helpers/real-terminal.ts';
import {askedSchema, healthy, isMetrics, servedMetrics} from '../helpers/served.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';
import {key, startRig} from './rig.ts';

test('a request has a user agent and the key, and its range consists of whole steps', async context => {
	const {server} = await startRig(context);
	const request = await server.waitForRequest(isMetrics);
	assert.equal(request.method, 'POST');
	assert.equal(request.path, '/v1/loops/deployments/k4q95w5/metrics');
	assert.equal(request.headers.authorization, `Bearer ${key}`);
	assert.equal(request.headers['content-type'], 'application/json');
	assert.equal(request.headers['user-agent'], `loops-top/${packageJson.version}`);
	const body = askedSchema.strict().parse(request.body);
	assert.equal(body.step_seconds, 30);
	assert.equal(body.start_epoch_millis % 30_000, 0);
	assert.equal(body.end_epoch_millis % 30_000, 0);
	assert.equal(body.end_epoch_millis - body.start_epoch_millis, 3_600_000);
	const described = await server.waitForRequest(({path}) => path === '/v1/loops/deployments/k4q95w5');
	assert.equal(described.method, 'GET');
	assert.equal(described.headers.authorization, `Bearer ${key}`);
});

test('later polls request only the tail, and requests never overlap', async context => {
	const startedMs = Date.now();
	const {server} = await startRig(context, {
		args: ['-i', '2s'],
		async respond(request) {
			await new Promise(resolve => setTimeout(resolve, 100));
			return healthy()(request);
		},
	});
	const first = await server.waitForRequest(isMetrics);
	const second = await server.waitForRequest(isMetrics, server.requests.indexOf(first) + 1);
	const third = await server.waitForRequest(isMetrics, server.requests.indexOf(second) + 1);
	for (const {body} of [second, third]) {
		const {start_epoch_millis: start, end_epoch_millis: end} = askedSchema.parse(body);
		assert.ok(end - start <= 180_000, `${end - start} ms`);
		assert.equal(start % 30_000, 0);
	}

	// On a busy machine, requests can arrive late, but never early, so only the minimum is checked.
	assert.ok(third.atMs - startedMs >= 2 * 1900);
	assert.ok(server.requests.every(({together}) => together === 1));
});

test('if the server rejects the step, the request is repeated without it', async context => {
	const {server, terminal} = await startRig(context, {
		respond(request) {
			const refuses = isMetrics(request) && askedSchema.parse(request.body).step_seconds !== undefined;
			return refuses
				? {status: 422, json: {code: 'VALIDATION_ERROR', message: 'step_seconds: extra field'}}
				: healthy()(request);
		},
	});
	await terminal.waitFor('12.3/s');
	assert.equal(server.requests.filter(isMetrics).length, 2);
});

test("for every window, its own range is requested, and another window's data is never shown", async context => {
	// The rate encodes the window: 10 for the shortest, 11 for the next, and so on. For a window that was shown before,
	// only the tail is requested, which doesn't have the length of any window. The tail is identified by its step; if
	// several windows have this step, the tail is taken to be that of the window requested last.
	let asked = -1;
	const {terminal} = await startRig(context, {
		columns: 100,
		rows: 30,
		respond(request) {
			if (!isMetrics(request)) {
				return healthy()(request);
			}

			const {
				start_epoch_millis: start,
				end_epoch_millis: end,
				step_seconds: step = 0,
			} = askedSchema.parse(request.body);
			const ofStep = windows.flatMap(({stepMs}, index) => (stepMs === step * 1000 ? [index] : []));
			const whole = ofStep.find(index => windows[index]?.lengthMs === end - start);
			asked = whole ?? (ofStep.length === 1 ? (ofStep[0] ?? -1) : asked);
			return {json: servedMetrics(request.body, {rate: 10 + asked})};
		},
	});
	await terminal.waitFor('13.0/s');
	const visit = async (keys: string, index: number): Promise<void> => {
		terminal.press(keys);
		const window = windows[index] ?? assert.fail();
		await terminal.waitFor(
			rows => rows[0]?.includes(`live ${window.name} to`) === true && rows[1]?.includes(`${10 + index}.0/s`) === true,
		);
		// In windows of a day or longer, a label on the time axis can be a date, depending on the current time.
		await terminal.waitFor(window.lengthMs >= 86_400_000 ? /│ +([A-Z][a-z]{2} \d+|\d\d:\d\d) / : /│ +\d\d:\d\d /);
	};

	for (let index = 4; index < windows.length; index++) {
		await visit('-', index);
	}

	for (let index = windows.length - 2; index >= 0; index--) {
		await visit('+', index);
	}

	await visit(
		'=',
		windows.findIndex(({name}) => name === '1h'),
	);
});

test('the first window and the interval come from the command line', async context => {
	const {server, terminal} = await startRig(context, {
		columns: 160,
		rows: 45,
		args: ['--window', '24h', '--interval=1m'],
	});
	const {body} = await server.waitForRequest(isMetrics);
	const asked = askedSchema.parse(body);
	assert.equal(asked.end_epoch_millis - asked.start_epoch_millis, findWindow('24h')?.lengthMs);
	await terminal.waitFor(/live 24h to .* every 1m/);
});

test('the first request is sent before Ink draws the screen; until then, the screen shows only a title with the ID', {
	skip: unlessPreloaded,
}, async context => {
	const file = temporaryFile('drawn');
	const preload = new URL('../helpers/first-request.mjs', import.meta.url).href;
	const {terminal} = await startRig(context, {preload, env: {DRAWN_FILE: file}});
	await terminal.waitFor('RUNNING');
	const drawn = readFileSync(file, 'utf8');
	assert.match(drawn, /loops-top {2}k4q95w5/);
	assert.doesNotMatch(drawn, /loading|help/);
	assert.match(terminal.written(), /loading k4q95w5[\s\S]*help/);
});
