import {deploymentBody, metricsBody} from '../../source/demo/bodies.ts';
import {createSimulation} from '../../source/demo/simulation.ts';
import type {SimulationSettings} from '../../source/demo/troubles.ts';
import type {ResponseRecord} from '../../source/recording/format.ts';
import {recordedAt} from './recordings.ts';

const setting: SimulationSettings = {scenario: 'straggler', seed: 1, startedAtMs: recordedAt, nodes: 2, gpusPerNode: 2};

/** The simulation that generates the recorded hours. */
export const recordedSimulation = createSimulation(setting);

const stepMs = 30_000;
const hourMs = 3_600_000;

/**
 * Returns the responses that the poller receives in this many hours, with a one-hour window and an interval of
 * `everyMs` milliseconds: those with metrics and, after the first of them, one about the deployment.
 */
export function recordedHours(hours: number, everyMs = 60_000): readonly ResponseRecord[] {
	const responses: ResponseRecord[] = [];
	for (let atMs = recordedAt; atMs < recordedAt + hours * hourMs; atMs += everyMs) {
		const endMs = Math.ceil(atMs / stepMs) * stepMs;
		const startMs = endMs - (responses.length === 0 ? hourMs : everyMs + 4 * stepMs);
		const body = {start_epoch_millis: startMs, end_epoch_millis: endMs, step_seconds: stepMs / 1000};
		const times = {sentMs: atMs, receivedMs: atMs + 100, window: '1h'};
		const value = metricsBody(recordedSimulation, {startMs, endMs, stepMs}, atMs);
		const path = '/v1/loops/deployments/k4q95w5';
		responses.push({...times, request: {path: `${path}/metrics`, body}, result: {ok: true, value, tookMs: 100}});
		if (responses.length === 1) {
			const deployment = deploymentBody(setting, atMs);
			responses.push({...times, request: {path}, result: {ok: true, value: {deployment}, tookMs: 100}});
		}
	}

	return responses;
}
