import assert from 'node:assert/strict';
import type {Client} from '../../source/api/client.ts';

async function reject(): Promise<never> {
	assert.fail("A request was sent to a route that the test hasn't replaced.");
}

/** A client that rejects all requests. Tests replace the functions of the routes that they use. */
export const rejectingClient: Client = {
	metrics: reject,
	samplerMetrics: reject,
	samplerExtras: reject,
	deployment: reject,
	deployments: reject,
	run: reject,
	runs: reject,
	checkpoints: reject,
	prices: reject,
	logs: reject,
};
