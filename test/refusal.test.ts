import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Deployment} from '../source/api/deployment.ts';
import type {Failure} from '../source/api/failure.ts';
import {refusal} from '../source/refusal.ts';

const asked = {deploymentId: 'k4q95w5', host: 'api.baseten.co', keyFrom: 'BASETEN_API_KEY', known: undefined};

function status(code: number): Failure {
	return {kind: 'status', status: code, message: '', retryAfterMs: undefined};
}

function known(...ids: readonly string[]): readonly Deployment[] {
	return ids.map(id => ({id, baseModel: 'm', status: 'RUNNING', nodeCount: undefined, instance: undefined}));
}

const codes: ReadonlyArray<readonly [failure: Failure, exitCode: number]> = [
	[status(401), 3],
	[status(403), 3],
	[status(404), 4],
	[status(400), 5],
	[status(429), 5],
	[status(500), 6],
	[{kind: 'timeout', afterMs: 30_000}, 6],
	[{kind: 'network', code: 'ENOTFOUND', host: 'x'}, 6],
	[{kind: 'wrong-shape', problem: 'x'}, 6],
];

for (const [failure, exitCode] of codes) {
	test(`${JSON.stringify(failure)} ends with exit code ${exitCode} and one sentence or two`, () => {
		const error = refusal(failure, asked);
		assert.equal(error.exitCode, exitCode);
		assert.match(error.message, /^[^\n]+[.?]$/);
	});
}

test('a deployment that is not there is named beside those that are', () => {
	const {message} = refusal(status(404), {...asked, known: known('a', 'b')});
	assert.equal(
		message,
		'There is no deployment k4q95w5 at api.baseten.co. This key sees a (m, RUNNING), b (m, RUNNING).',
	);
	const many = refusal(status(404), {...asked, known: known('a', 'b', 'c', 'd', 'e', 'f', 'g')}).message;
	assert.match(many, /e \(m, RUNNING\) and 2 more\.$/);
	assert.match(refusal(status(404), {...asked, known: []}).message, /sees no deployment at all/);
});

test('a key that is refused is told by the place it is from', () => {
	assert.match(
		refusal(status(401), asked).message,
		/^api\.baseten\.co does not accept the key from BASETEN_API_KEY \(401/,
	);
});
