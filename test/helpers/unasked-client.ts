import assert from 'node:assert/strict';
import type {Client} from '../../source/api/client.ts';

async function unasked(): Promise<never> {
	assert.fail('This route is not to be asked.');
}

/** A client that rejects all requests, except for the routes that a test implements. */
export const unaskedClient: Client = {
	metrics: unasked,
	samplerMetrics: unasked,
	samplerExtras: unasked,
	deployment: unasked,
	deployments: unasked,
	run: unasked,
	runs: unasked,
	checkpoints: unasked,
	prices: unasked,
	logs: unasked,
};
