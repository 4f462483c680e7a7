import {fork} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import * as z from 'zod';
import type {ScenarioName} from '../../source/demo/scenarios.ts';

const readyMessage = z.object({apiUrl: z.string(), deploymentId: z.string(), key: z.string()});

/** The address of a simulated Baseten, and the deployment ID and the API key with which it can be watched. */
export type SimulatedBaseten = z.infer<typeof readyMessage> & {readonly close: () => Promise<void>};

/** Starts a simulated Baseten in a separate process, so that its cost isn't attributed to the program. */
export async function startSimulatedBaseten(scenario: ScenarioName): Promise<SimulatedBaseten> {
	const child = fork(path.join(import.meta.dirname, 'serve-demo.ts'), [scenario], {execArgv: ['--import=tsx']});
	const [message] = await once(child, 'message');
	return {
		...readyMessage.parse(message),
		async close() {
			child.disconnect();
			await once(child, 'exit');
		},
	};
}
