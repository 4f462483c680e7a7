import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {MetricsQuery} from '../../source/api/client.ts';
import {referenceOf} from '../../source/state/reference.ts';
import {createRig, never, nine, type Rig, responseAt, status} from '../helpers/poller-rig.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Returns the queries of the requests for an earlier range. */
function earlier({asked}: Rig): readonly MetricsQuery[] {
	return asked.map(({query}) => query).filter(({endMs}) => endMs < nine - minuteMs);
}

function isEarlier({endMs}: MetricsQuery): boolean {
	return endMs < nine - minuteMs;
}

test('the comparison is requested once per quarter of the window, not at every poll', async context => {
	const rig = createRig(context);
	await rig.pass(1000);
	assert.equal(earlier(rig).length, 0);
	rig.store.dispatch({type: 'compareNext'});
	await rig.pass(29 * minuteMs, 500);
	const queries = earlier(rig);
	assert.equal(queries.length, 2, JSON.stringify(queries));
	assert.ok(queries.every(({startMs, endMs, stepMs}) => stepMs === 30_000 && endMs - startMs <= 1.5 * hourMs));
	assert.equal(new Set(queries.map(({endMs}) => endMs)).size, 2);
	const [first] = queries;
	assert.ok(first !== undefined && first.startMs <= nine - 2 * hourMs && first.endMs >= nine - hourMs);
	assert.equal(referenceOf(rig.store.getState())?.endMs, queries[1]?.endMs);
	rig.store.dispatch({type: 'compareNext'}, {type: 'compareNext'}, {type: 'compareNext'});
	const {length} = rig.asked;
	await rig.pass(20 * minuteMs, 500);
	assert.equal(rig.asked.slice(length).filter(({query}) => isEarlier(query)).length, 0);
});

test('a comparison that never arrives delays polls by at most 5 s, and is requested less often', async context => {
	const rig = createRig(context);
	rig.metrics = async query => (isEarlier(query) ? never() : responseAt(Date.now()));
	await rig.pass(1000);
	rig.store.dispatch({type: 'compareNext'});
	await rig.pass(5 * minuteMs, 500);
	const polls = rig.asked.filter(({query}) => !isEarlier(query)).map(({atMs}) => atMs);
	const pauses = polls.map((atMs, index) => atMs - (polls[index - 1] ?? atMs));
	assert.ok(Math.max(...pauses) <= 15_000, JSON.stringify(pauses));
	assert.ok(rig.asked.filter(({query}) => isEarlier(query)).length < 12);
});

test("a rejected request for a comparison is reported, and isn't sent again for the same range", async context => {
	const rig = createRig(context);
	rig.metrics = async query => (isEarlier(query) ? status(403) : responseAt(Date.now()));
	await rig.pass(1000);
	rig.store.dispatch({type: 'compareNext'});
	await rig.pass(5 * minuteMs, 500);
	assert.equal(earlier(rig).length, 1);
	const {sideFailures, live} = rig.store.getState();
	assert.equal(sideFailures.reference?.nextAtMs, undefined);
	assert.equal(sideFailures.reference?.failure.kind, 'status');
	assert.equal(live.links.trainer.kind, 'ok');
});
