import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readCheckpoints} from '../../source/api/run.ts';

const served = {
	checkpoint_id: 'step-1',
	created_at: '2026-11-23T09:00:00Z',
	checkpoint_type: 'lora',
	size_bytes: 33_638_400,
	sync_status: 'COMPLETE',
	target: 'sampler',
};
const nine = Date.UTC(2026, 10, 23, 9);
const unknown = {bytes: undefined, syncStatus: undefined, target: undefined, type: undefined};

test('every field of a checkpoint is read, and is unknown if it is malformed', () => {
	assert.deepEqual(readCheckpoints({checkpoints: [served]})?.list, [
		{name: 'step-1', createdAtMs: nine, bytes: 33_638_400, syncStatus: 'COMPLETE', target: 'sampler', type: 'lora'},
	]);
	const odd = {...served, size_bytes: '12', sync_status: null, target: 7, checkpoint_type: null};
	assert.deepEqual(readCheckpoints({checkpoints: [odd]})?.list, [
		{...unknown, name: 'step-1', createdAtMs: nine, bytes: 12},
	]);
	for (const size_bytes of [null, -1, 'many', 1e300, {}]) {
		assert.equal(readCheckpoints({checkpoints: [{...served, size_bytes}]})?.list[0]?.bytes, undefined);
	}
});

test('the newest checkpoint comes first, and entries without a valid name and time are left out and counted', () => {
	const at = (checkpoint_id: unknown, created_at: unknown): object => ({checkpoint_id, created_at});
	const list = [
		at('b', '2026-11-23T08:00:00Z'),
		at('a', '2026-11-23T09:00:00+00:00'),
		at('x', '1'),
		at('x', null),
		at(null, '2026-11-23T08:00:00Z'),
		null,
		7,
	];
	const read = readCheckpoints({checkpoints: list});
	assert.deepEqual(
		read?.list.map(({name}) => name),
		['a', 'b'],
	);
	assert.equal(read?.unreadable, 5);
	assert.equal(readCheckpoints({checkpoints: null}), undefined);
});

test('identical checkpoints are listed once, and those that differ in a known field are listed separately', () => {
	const odd = {...served, created_at: '2026-11-23T09:00:00+00:00', comment: 'again'};
	const others = [
		{...served, checkpoint_id: 'step-2'},
		{...served, created_at: '2026-11-23T09:00:01Z'},
		{...served, size_bytes: 1},
		{...served, size_bytes: undefined},
		{...served, target: 'trainer'},
	];
	assert.equal(readCheckpoints({checkpoints: [served, served, odd]})?.list.length, 1);
	const read = readCheckpoints({checkpoints: [served, ...others, null, served, ...others, null]});
	assert.deepEqual([read?.list.length, read?.unreadable], [6, 2]);
});

test('ten thousand checkpoints are parsed in a fraction of a second', () => {
	const list = Array.from({length: 10_000}, (_, index) => ({
		...served,
		checkpoint_id: `step-${index}`,
		created_at: new Date(nine + index * 1000).toISOString(),
	}));
	const before = process.cpuUsage();
	assert.equal(readCheckpoints({checkpoints: list})?.list[0]?.name, 'step-9999');
	assert.ok(process.cpuUsage(before).user < 1_000_000);
});
