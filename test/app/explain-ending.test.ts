import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Deployment} from '../../source/api/deployment.ts';
import type {Failure} from '../../source/api/failure.ts';
import {
	ambiguousDeployment,
	explainFailure,
	type FailedRequest,
	noDeploymentForRun,
} from '../../source/app/explain-ending.ts';
import {deploymentOf} from '../helpers/deployments.ts';

const asked: FailedRequest = {
	target: {kind: 'deployment', id: 'k4q95w5'},
	host: 'api.baseten.co',
	keySource: 'BASETEN_API_KEY',
	known: undefined,
};

function status(code: number): Failure {
	return {kind: 'status', status: code, message: '', retryAfterMs: undefined};
}

function known(...ids: readonly string[]): readonly Deployment[] {
	return ids.map(id => deploymentOf({id, baseModel: 'm', status: 'RUNNING'}));
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
	[{kind: 'proxy-refusal', status: 407, host: 'p', api: 'a', passwordFrom: undefined}, 6],
	[{kind: 'proxy-network', code: 'ECONNREFUSED', host: 'p'}, 6],
];

for (const [failure, exitCode] of codes) {
	test(`${JSON.stringify(failure)} ends the program with exit code ${exitCode} and a one-line message`, () => {
		const error = explainFailure(failure, asked);
		assert.equal(error.exitCode, exitCode);
		assert.match(error.message, /^[^\n]+[.?]$/);
	});
}

test('for a missing deployment, the existing ones are listed', () => {
	const {message} = explainFailure(status(404), {...asked, known: known('a', 'b')});
	assert.equal(
		message,
		'There is no deployment or run k4q95w5 at api.baseten.co. This key has access to a (m, RUNNING), b (m, RUNNING).',
	);
	const many = explainFailure(status(404), {...asked, known: known('a', 'b', 'c', 'd', 'e', 'f', 'g')}).message;
	assert.match(many, /e \(m, RUNNING\), and 2 more\.$/);
	assert.match(
		explainFailure(status(404), {...asked, known: []}).message,
		/^There is no deployment or run k4q95w5 at api\.baseten\.co\. This key has no deployments\./,
	);
});

test("a server message that ends with a period doesn't get a second one", () => {
	const {message} = explainFailure(
		{kind: 'status', status: 429, message: 'Rate limit exceeded. Try again later.', retryAfterMs: undefined},
		asked,
	);
	assert.ok(!message.includes('..'), message);
	assert.match(message, /Try again later\. /);
});

const networkAdvice: ReadonlyArray<readonly [failure: Failure, says: RegExp]> = [
	[
		{kind: 'proxy-network', code: 'ECONNREFUSED', host: 'p:3128'},
		/the proxy p:3128 refuses connections\. Check the address in HTTPS_PROXY/,
	],
	[
		{kind: 'proxy-refusal', status: 407, host: 'p', api: 'a', passwordFrom: undefined},
		/requires a username and password \(407\)\. Add them to HTTPS_PROXY/,
	],
	[
		{kind: 'proxy-refusal', status: 401, host: 'p', api: 'a', passwordFrom: 'https_proxy'},
		/username and password in https_proxy \(401\)\. Correct them in https_proxy/,
	],
	[
		{kind: 'proxy-refusal', status: 500, host: 'p', api: 'a', passwordFrom: undefined},
		/can't reach a \(500\)\. Try again later/,
	],
	[
		{kind: 'network', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', host: 'a'},
		/isn't trusted: see NODE_EXTRA_CA_CERTS\. If a proxy or firewall inspects TLS, set NODE_EXTRA_CA_CERTS to a PEM file/,
	],
	[{kind: 'network', code: 'ECONNREFUSED', host: 'a'}, /a refuses connections\. Try again, or check the address/],
];

for (const [failure, says] of networkAdvice) {
	test(`the message about ${JSON.stringify(failure)} says what to do`, () => {
		assert.match(explainFailure(failure, asked).message, says);
	});
}

test('a rejected key is reported with its source', () => {
	assert.match(
		explainFailure(status(401), asked).message,
		/^api\.baseten\.co rejected the key from BASETEN_API_KEY \(401/,
	);
});

const missing: ReadonlyArray<readonly [target: FailedRequest['target'], says: RegExp]> = [
	[{kind: 'run', id: 'r1'}, /^There is no run r1 at api\.baseten\.co\. Check the ID or name/],
	[{kind: 'unchosen'}, /^api\.baseten\.co has no list of deployments\. Pass an ID/],
];

for (const [target, says] of missing) {
	test(`after a 404 for the target "${target.kind}", the message says what to do`, () => {
		const {message, exitCode} = explainFailure(status(404), {...asked, target});
		assert.match(message, says);
		assert.equal(exitCode, 4);
	});
}

test('a key without access to the list of deployments is reported', () => {
	assert.match(
		explainFailure(status(403), {...asked, target: {kind: 'unchosen'}}).message,
		/can't access the list of deployments/,
	);
});

test('a serverless run is distinguished from a missing one', () => {
	const {message, exitCode} = noDeploymentForRun('r1');
	assert.match(message, /^Run r1 is serverless: it has no deployment/);
	assert.equal(exitCode, 4);
});

const choices: ReadonlyArray<readonly [name: string, list: readonly Deployment[], says: RegExp]> = [
	['none', [], /^This key has no deployments\./],
	['none live', [deploymentOf({id: 'a', status: 'STOPPED'})], /^No deployment is live. Pass one of: a \(STOPPED\)\.$/],
	['two live', known('a', 'b'), /^2 deployments are live. Pass one of: a \(m, RUNNING\), b \(m, RUNNING\)\.$/],
];

for (const [name, list, says] of choices) {
	test(`without a screen for choosing a deployment, the message says which ones are live: ${name}`, () => {
		const {message, exitCode} = ambiguousDeployment(list);
		assert.match(message, says);
		assert.equal(exitCode, 2);
	});
}
