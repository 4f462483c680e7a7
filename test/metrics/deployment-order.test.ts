import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Deployment} from '../../source/api/deployment.ts';
import {arrangeDeployments, isLive} from '../../source/metrics/deployment-order.ts';
import {deploymentOf} from '../helpers/deployments.ts';

const list: readonly Deployment[] = [
	deploymentOf({id: 'stopped', status: 'STOPPED', createdAtMs: 9000}),
	deploymentOf({id: 'zero', status: 'SCALED_TO_ZERO', createdAtMs: 8000}),
	deploymentOf({
		id: 'older',
		status: 'RUNNING',
		createdAtMs: 1000,
		baseModel: 'Qwen/Qwen3-30B',
		owner: 'ada@example.com',
	}),
	deploymentOf({id: 'newer', status: 'RUNNING', createdAtMs: 2000, baseModel: 'openai/gpt-oss-120b'}),
	deploymentOf({id: 'coming', status: 'DEPLOYING', createdAtMs: 7000}),
	deploymentOf({id: 'odd', status: 'HIBERNATING'}),
	deploymentOf({id: 'unknown'}),
];

const filters: ReadonlyArray<readonly [filter: string, ids: readonly string[]]> = [
	['', ['newer', 'older', 'coming', 'zero', 'stopped', 'odd', 'unknown']],
	['running', ['newer', 'older']],
	['QWEN', ['older']],
	['  running   gpt ', ['newer']],
	['ada@', ['older']],
	['running stopped', []],
	['.*', []],
	['undefined', []],
];

for (const [filter, ids] of filters) {
	test(`deployments that fit "${filter}" are ${ids.join(', ') || 'none'}`, () => {
		assert.deepEqual(
			arrangeDeployments(list, filter).map(({id}) => id),
			ids,
		);
	});
}

test('what runs or is about to is live', () => {
	assert.deepEqual(
		list.filter(isLive).map(({id}) => id),
		['older', 'newer', 'coming'],
	);
});
