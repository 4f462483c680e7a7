import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openTerminal} from '../helpers/real-terminal.ts';
import type {Reply, Respond, SeenRequest} from '../helpers/scripted-server.ts';
import {healthy} from '../helpers/served.ts';
import {isLogs, type KeptLog, servedLogs} from '../helpers/served-logs.ts';
import {servedSamplerId} from '../helpers/served-sampler.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';
import {startRig} from './rig.ts';

const withSampler = healthy({sampler: 'ACTIVE'});
const samplerLogs = `/v1/models/${servedSamplerId.modelId}/deployments/${servedSamplerId.deploymentId}/logs?`;

function isSamplerLogs(request: SeenRequest): boolean {
	return request.path.startsWith(samplerLogs);
}

function isTrainerLogs(request: SeenRequest): boolean {
	return isLogs(request) && !isSamplerLogs(request);
}

/** Returns `count` entries, one every three seconds; the last entry is two seconds old. */
function kept(count: number, name: string, replicas: readonly (string | null)[]): readonly KeptLog[] {
	const endMs = Date.now() - 2000;
	return Array.from({length: count}, (_, index) => ({
		timeMs: endMs - (count - 1 - index) * 3000,
		message: `${name} ${index}.`,
		replica: replicas[index % replicas.length] ?? null,
		level: 'INFO' as const,
	}));
}

/** Returns the responses from a server with logs of the trainer and of the sampler. */
function logging(sampler: (request: SeenRequest) => Reply): Respond {
	const trained = kept(60, 'trained', ['loops-trainer-0', 'loops-trainer-1']);
	return request => {
		if (isSamplerLogs(request)) {
			return sampler(request);
		}

		return isLogs(request) ? servedLogs(request, trained) : withSampler(request);
	};
}

const generated = kept(60, 'generated', ['7c9f2', null]);
const both = logging(request => servedLogs(request, generated));

for (const [columns, rows] of [
	[160, 45],
	[100, 30],
	[80, 24],
	[40, 45],
	[30, 10],
] as const) {
	test(`l shows the sampler's logs while the sampler is shown, and t switches to the trainer's logs, at ${columns}×${rows}`, async context => {
		const {terminal, server} = await startRig(context, {columns, rows, respond: both});
		await terminal.waitFor(/RUNNING/);
		terminal.press('t');
		await terminal.waitFor(/sampler/);
		terminal.press('l');
		await terminal.waitFor(/l Sampler logs[\s\S]*generated 59\./);
		assert.deepEqual(server.requests.filter(isTrainerLogs), []);
		terminal.press('k');
		await terminal.waitFor(/▸.*generated 58\./);
		terminal.press('t');
		await terminal.waitFor(/l Logs(?! of)[\s\S]*trained 59\./);
		terminal.press('t');
		await terminal.waitFor(/▸.*generated 58\./);
	});
}

test('if there is space, both logs are side by side with their own filters, and follow the cursor', async context => {
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: both});
	await terminal.waitFor(/RUNNING/);
	terminal.press('lB');
	await terminal.waitFor(/▸l Trainer logs .*l Sampler logs [\s\S]*trained 59\. .*generated 59\./);
	terminal.press('t');
	await terminal.waitFor(/ l Trainer logs .*▸l Sampler logs /);
	terminal.press('/"generated 4"\r');
	await terminal.waitFor(/▸l Sampler logs ─ "generated 4" .*11 of 60 entries[\s\S]*generated 49\.[\s\S]*trained 59\./);
	terminal.press('kc');
	await terminal.waitFor(rows => rows.join('\n').match(/│ ── [\d:]+ ─/g)?.length === 2);
	terminal.press('B');
	await terminal.waitFor(rows => !rows.some(row => row.includes('Trainer logs')));
});

test("if there is no space for both logs, a message says so, and only the trainer's are requested", async context => {
	const {terminal, server} = await startRig(context, {columns: 100, rows: 30, respond: both});
	await terminal.waitFor(/RUNNING/);
	terminal.press('lB');
	await terminal.waitFor(/both logs need 120 columns/);
	await terminal.waitFor(/trained 59\./);
	assert.deepEqual(server.requests.filter(isSamplerLogs), []);
});

for (const [status, says] of [
	[404, /the server has no sampler logs for this deployment: 404/],
	[403, /this key has no access to the sampler logs: 403/],
] as const) {
	test(`a ${status} for the sampler's logs disables only those logs, until they are opened again`, async context => {
		const refusing = logging(() => ({status, json: {detail: 'no'}}));
		const {terminal, server} = await startRig(context, {columns: 160, rows: 45, args: ['-i', '2s'], respond: refusing});
		await terminal.waitFor(/RUNNING/);
		terminal.press('lB');
		const rows = await terminal.waitFor(/trained 59\./);
		assert.ok(rows.length > 0);
		terminal.press('tB');
		await terminal.waitFor(says);
		const asked = server.requests.filter(isSamplerLogs).length;
		terminal.press('ll');
		await server.waitForRequest(isSamplerLogs, server.requests.length);
		assert.equal(server.requests.filter(isSamplerLogs).length, asked + 1);
	});
}

test("the sampler's entries without a replica or a level, and entries from 1970, are shown, and unreadable ones are counted", async context => {
	const nowMs = Date.now() - 1000;
	const odd = logging(() => ({
		json: {
			logs: [
				{timestamp: `${nowMs}000000`, message: 'plain.', replica: null, level: null, request_id: null},
				{timestamp: '1', message: 'from 1970.', replica: null, level: 'INFO'},
				{timestamp: 'yesterday', message: 'unreadable.', replica: 7},
			],
		},
	}));
	const {terminal} = await startRig(context, {columns: 160, rows: 45, respond: odd});
	await terminal.waitFor(/RUNNING/);
	terminal.press('tl');
	await terminal.waitFor(/Sampler logs .*1 unreadable · 2 entries[\s\S]* – plain\./);
});

test('a replay shows the recorded logs of both components', async context => {
	const file = temporaryFile('logs.jsonl');
	const args = ['-i', '2s', '--record', file];
	const {terminal} = await startRig(context, {columns: 160, rows: 45, args, respond: both});
	await terminal.waitFor(/RUNNING/);
	terminal.press('lB');
	await terminal.waitFor(rows => /trained 59\./.test(rows.join('\n')) && /generated 59\./.test(rows.join('\n')));
	terminal.press('q');
	await terminal.exit;
	const replay = openTerminal({columns: 160, rows: 45, args: ['--replay', file, '--speed', '1000']});
	context.after(() => replay.close());
	await replay.waitFor(/RUNNING/);
	replay.press('lB');
	await replay.waitFor(rows => /trained 59\./.test(rows.join('\n')) && /generated 59\./.test(rows.join('\n')));
	replay.press('t');
	await replay.waitFor(/▸l Sampler logs/);
});
