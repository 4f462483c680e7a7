import assert from 'node:assert/strict';
import type {Client} from '../../source/api/client.ts';

async function unasked(): Promise<never> {
	assert.fail('This route is not to be asked.');
}

/** A client that is not to be asked anything: a test says what the routes that it is about answer. */
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
