import type {MetricsQuery} from '../../../source/api/client.ts';
import {type Deployment, type Prices, readDeployment, readPrices} from '../../../source/api/deployment.ts';
import {type MetricsResponse, readMetricsResponse} from '../../../source/api/metrics-response.ts';
import {parseResponse} from '../../../source/api/parse-response.ts';
import {type Checkpoints, type Run, readCheckpoints, readRun} from '../../../source/api/run.ts';
import {Secret} from '../../../source/api/secret.ts';
import {deploymentBody, metricsBody} from '../../../source/demo/bodies.ts';
import {createSimulation, type Simulation} from '../../../source/demo/simulation.ts';
import type {SimulationSettings} from '../../../source/demo/troubles.ts';
import {checkpointsBody, pricesBody, runBody} from '../../../source/demo/workspace.ts';

const secret = new Secret("a key that isn't in any response");

/** The start of the simulation, which is in the middle of a step of every window. */
export const beganAtMs = Date.UTC(2026, 10, 23, 9, 5, 42);

/** Creates a simulated deployment whose values depend only on the time. */
export function simulationOf(size: Pick<SimulationSettings, 'nodes' | 'gpusPerNode'>, seed = 1): Simulation {
	return createSimulation({scenario: 'straggler', seed, startedAtMs: beganAtMs, ...size});
}

/** Returns the text of the API's response to a query. The queries of the benchmarks always have a step. */
export function responseText(
	simulation: Simulation,
	{startMs, endMs, stepMs = 0}: MetricsQuery,
	nowMs: number,
): string {
	return JSON.stringify(metricsBody(simulation, {startMs, endMs, stepMs}, nowMs));
}

/** Parses a response as the client does, starting from the text. */
export function readText(text: string): MetricsResponse {
	const parsed = parseResponse(text, 'application/json', secret);
	const read = 'value' in parsed ? readMetricsResponse(parsed.value) : undefined;
	if (read === undefined || !('response' in read)) {
		throw new Error("the simulated response isn't a metrics response");
	}

	return read.response;
}

/** Returns the value that was read from a simulated response; throws if it is undefined (an invalid response). */
function assured<Value>(value: Value | undefined, what: string): Value {
	if (value === undefined) {
		throw new Error(`the simulated ${what} can't be read`);
	}

	return value;
}

export function deploymentOf({setting}: Simulation, nowMs: number): Deployment {
	return assured(readDeployment({deployment: deploymentBody(setting, nowMs)}), 'deployment');
}

export function runOf({setting}: Simulation, id: string, nowMs: number): Run {
	return assured(readRun({run: runBody(setting, nowMs, {id, deploymentId: 'k4q95w5'})}), 'run');
}

export function checkpointsOf({setting}: Simulation, nowMs: number): Checkpoints {
	return assured(readCheckpoints(checkpointsBody(setting, nowMs)), 'checkpoints');
}

export function pricesOf({setting}: Simulation): Prices {
	return assured(readPrices(pricesBody(setting.gpusPerNode)), 'prices');
}
