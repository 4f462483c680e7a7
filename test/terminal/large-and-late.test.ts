import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Reply, SeenRequest} from '../helpers/scripted-server.ts';
import {askedSchema, healthy, isMetrics, servedMetrics} from '../helpers/served.ts';
import {startRig} from './rig.ts';

const tenMinutesMs = 600_000;

/** Returns metrics in which all times, or only those of one node, are ten minutes later, and thus in the future. */
function ahead({body}: SeenRequest, nodeIndex?: number): Reply {
	const text = JSON.stringify(servedMetrics(body, {rate: 9.9}));
	const later = (part: string): string =>
		part.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, time => new Date(Date.parse(time) + tenMinutesMs).toISOString());
	const [before, from = '', after = ''] = nodeIndex === undefined ? ['', text] : parts(text, nodeIndex);
	return {text: `${before}${later(from)}${after}`, headers: {'content-type': 'application/json'}};
}

/** Splits a response into the parts before, in, and after one node. */
function parts(text: string, nodeIndex: number): readonly string[] {
	const start = text.indexOf(`"node_id":"loops-trainer-${nodeIndex}"`);
	const end = text.indexOf(`"node_id":"loops-trainer-${nodeIndex + 1}"`);
	return [text.slice(0, start), text.slice(start, end), text.slice(end)];
}

test('points with future times are left out and counted, and the next response is shown immediately', async context => {
	const {server, terminal} = await startRig(context, {columns: 120, rows: 30, args: ['-i', '1h']});
	await terminal.waitFor(/12\.3\/s[\s\S]*4 of 4 reporting/);
	server.respond = request => (isMetrics(request) ? ahead(request) : healthy()(request));
	terminal.press('r');
	await terminal.waitFor(/\d+ points of the last response are left out: unreadable, or in the future/);
	server.respond = healthy({rate: 45});
	terminal.press('r');
	const rows = await terminal.waitFor(screen => screen.some(row => row.includes('45.0/s')));
	assert.ok(rows.some(row => row.includes('4 of 4 reporting')));
	assert.ok(!rows.some(row => row.includes('left out')));
});

test('one node whose clock is ahead neither hides the others nor freezes their values', async context => {
	const {server, terminal} = await startRig(context, {columns: 120, rows: 30, args: ['-i', '1h']});
	await terminal.waitFor(/12\.3\/s[\s\S]*4 of 4 reporting/);
	server.respond = request => (isMetrics(request) ? ahead(request, 1) : healthy()(request));
	terminal.press('r');
	const rows = await terminal.waitFor(screen => screen.some(row => row.includes('9.90/s')));
	for (const index of [0, 2, 3]) {
		assert.ok(
			!rows.some(row => row.includes(`loops-trainer-${index} `) && /not reporting|missing/.test(row)),
			rows.join('\n'),
		);
	}

	server.respond = healthy({rate: 45});
	terminal.press('r');
	await terminal.waitFor(/45\.0\/s[\s\S]*4 of 4 reporting/);
});

test('an hour of data from 64 nodes, which is too large for one response, is requested in pieces, and the screen says so throughout', async context => {
	const healthyNodes = healthy({nodes: 64, diskShare: 0.1});
	const {server, terminal} = await startRig(context, {
		columns: 120,
		rows: 30,
		args: ['-i', '2s'],
		respond: healthyNodes,
	});
	const inPieces = / metrics requested in \d pieces/;
	await terminal.waitFor(inPieces);
	const asked = server.requests.filter(isMetrics).map(({body}) => askedSchema.parse(body));
	// First the whole hour is requested, then four steps, then as many as fit.
	assert.deepEqual(
		asked.slice(0, 2).map(({start_epoch_millis: start, end_epoch_millis: end}) => (end - start) / 30_000),
		[120, 4],
	);
	server.respond = healthy({nodes: 64, diskShare: 0.1, rate: 45});
	await terminal.waitFor(screen => screen.some(row => row.includes('45.0/s')) && inPieces.test(screen.join('\n')));
	const tail = askedSchema.parse(server.requests.findLast(isMetrics)?.body);
	assert.ok(tail.end_epoch_millis - tail.start_epoch_millis < 600_000);
});
