import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isReplicaOf} from '../../source/metrics/replicas.ts';

const cases: ReadonlyArray<readonly [replica: string, node: string, same: boolean]> = [
	['loops-trainer-2', 'loops-trainer-2', true],
	['trainer-2', 'loops-trainer-2', true],
	['2', 'loops-trainer-2', true],
	['2', 'loops-trainer-12', false],
	['pod/loops-trainer-2', 'loops-trainer-2', true],
	['loops-trainer-2', 'loops-trainer-1', false],
	['rainer-2', 'loops-trainer-2', false],
	['7f9c-x2k', 'loops-trainer-2', false],
	['loops-trainer-0', 'leader', false],
	['', 'leader', false],
];

for (const [replica, node, same] of cases) {
	test(`the replica "${replica}" is ${same ? '' : 'not '}the node ${node}`, () => {
		assert.equal(isReplicaOf(replica, node), same);
	});
}
