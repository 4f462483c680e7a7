import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readDeployment, readDeployments, readPrices} from '../../source/api/deployment.ts';
import {deploymentOf} from '../helpers/deployments.ts';

function priced(price: unknown, id: unknown = 'i'): object {
	return {instance_type: {id, name: 'H100', gpu_count: 1, gpu_type: null}, price};
}

function perHour(...entries: readonly unknown[]): ReadonlyMap<string, number> | undefined {
	return readPrices({instance_types: entries});
}

test('prices in dollars per minute, as numbers or numeric strings, are converted to dollars per hour', () => {
	assert.deepEqual(
		perHour(priced(0.0625), priced('0.5', 'j'), priced(' 1 ', 'k')),
		new Map([
			['i', 3.75],
			['j', 30],
			['k', 60],
		]),
	);
});

for (const price of [
	0,
	-1,
	null,
	undefined,
	'',
	'many',
	'1e3',
	'-1',
	'0x10',
	Number.NaN,
	1e9,
	'99999999',
	[1],
	{},
	true,
]) {
	test(`${String(JSON.stringify(price))} isn't a price, and the other prices are still read`, () => {
		assert.deepEqual(perHour(priced(price), priced(1, 'j')), new Map([['j', 60]]));
	});
}

for (const entry of [null, 7, 'i', [], {}, {price: 1}, {instance_type: null, price: 1}, priced(1, ''), priced(1, 7)]) {
	test(`${JSON.stringify(entry)} has no instance type with an ID, and the other entries are still read`, () => {
		assert.deepEqual(perHour(entry, priced(1, 'j')), new Map([['j', 60]]));
	});
}

for (const body of [null, [], {}, {instance_types: {}}, 'x', {deployment: {}}]) {
	test(`${JSON.stringify(body)} isn't a response with prices`, () => {
		assert.equal(readPrices(body), undefined);
	});
}

const older = {
	id: 'k4q95w5',
	base_model: 'Qwen/Qwen3-30B-A3B-Instruct-2507',
	base_url: 'https://x',
	status: {name: 'RUNNING'},
	user: {email: null},
};

const newer = {
	...older,
	created_at: '2026-11-23T09:00:00Z',
	active_run_id: 'r1',
	latest_run_id: 'r1',
	availability_model: 'dedicated',
	node_count: 4,
	instance_type: {
		id: 'i',
		name: 'H100:8',
		gpu_type: 'H100',
		gpu_count: 8,
		gpu_memory_limit_mib: 81_920,
		memory_limit_mib: 1_000_000,
		millicpu_limit: 96_000,
	},
	sampler: null,
};

test('an older response has a model and a status, but no sizes', () => {
	const expected = deploymentOf({baseModel: 'Qwen/Qwen3-30B-A3B-Instruct-2507', status: 'RUNNING'});
	assert.deepEqual(readDeployment({deployment: older}), expected);
});

test('a newer response has an owner, a creation time, a run, and a sampler', () => {
	const sampler = {id: 's', model_id: 'm1', deployment_id: 'd1', status: {name: 'ACTIVE'}};
	const read = readDeployment({deployment: {...newer, user: {email: 'ada@example.com'}, sampler}});
	assert.equal(read?.owner, 'ada@example.com');
	assert.equal(read?.createdAtMs, Date.UTC(2026, 10, 23, 9));
	assert.equal(read?.runId, 'r1');
	assert.deepEqual(read?.sampler, {
		modelId: 'm1',
		deploymentId: 'd1',
		status: 'ACTIVE',
		nodeCount: undefined,
		instance: undefined,
	});
});

test('a newer response has sizes in bytes and cores, and a node count', () => {
	assert.deepEqual(readDeployment({deployment: newer})?.instance, {
		id: 'i',
		name: 'H100:8',
		gpuType: 'H100',
		gpusPerNode: 8,
		gpuMemoryBytes: 80 * 1024 ** 3,
		ramBytes: 1_000_000 * 1024 ** 2,
		cores: 96,
	});
	assert.equal(readDeployment({deployment: newer})?.nodeCount, 4);
});

const odd: ReadonlyArray<readonly [name: string, fields: object, expected: object]> = [
	['an unknown status', {status: {name: 'HIBERNATING'}}, {status: 'HIBERNATING'}],
	['a status that is a string', {status: 'RUNNING'}, {status: undefined}],
	['no model', {base_model: null}, {baseModel: undefined}],
	['a node count of zero', {node_count: 0}, {nodeCount: undefined}],
	['a node count of a million', {node_count: 1e6}, {nodeCount: undefined}],
	['an instance type that is a string', {instance_type: 'H100'}, {instance: undefined}],
	['an invalid time', {created_at: 'yesterday'}, {createdAtMs: undefined}],
	['no active run', {active_run_id: null, latest_run_id: 'r0'}, {runId: 'r0'}],
	['a sampler without a model', {sampler: {id: 's'}}, {sampler: undefined}],
	['a model with escapes', {base_model: 'a\u001b[31mb'}, {baseModel: 'ab'}],
];

for (const [name, fields, expected] of odd) {
	test(`${name} doesn't make the rest of the response unreadable`, () => {
		const deployment = readDeployment({deployment: {...newer, ...fields}});
		assert.equal(deployment?.id, 'k4q95w5');
		for (const [key, value] of Object.entries(expected)) {
			assert.deepEqual(deployment?.[key as keyof typeof deployment], value);
		}
	});
}

for (const body of [null, [], {}, {deployment: null}, {deployment: {}}, {deployment: {id: 7}}, {metrics: {}}]) {
	test(`${JSON.stringify(body)} isn't a deployment`, () => {
		assert.equal(readDeployment(body), undefined);
	});
}

test('a list keeps the readable entries, and only the first of those with the same ID', () => {
	const deployments = readDeployments({deployments: [older, 7, {id: 'second'}, {}]});
	assert.deepEqual(
		deployments?.map(({id}) => id),
		['k4q95w5', 'second'],
	);
	const twice = readDeployments({
		deployments: [{id: 'a', base_model: 'first'}, {id: 'b'}, {id: 'a', base_model: 'second'}],
	});
	assert.deepEqual(
		twice?.map(({id, baseModel}) => [id, baseModel]),
		[
			['a', 'first'],
			['b', undefined],
		],
	);
	assert.deepEqual(readDeployments({deployments: []}), []);
	assert.equal(readDeployments({deployments: {}}), undefined);
	assert.equal(readDeployments([]), undefined);
});
