/** The scenarios of the demo; the first one is the default. */
export const scenarios = [
	{name: 'steady', about: '4 nodes of 8 H100, all healthy'},
	{name: 'single', about: 'one node, without a breakdown by node, and no sampler'},
	{name: 'fleet', about: '16 nodes of 8 H100'},
	{name: 'straggler', about: 'one GPU falls behind and slows the others'},
	{name: 'errors', about: 'many requests fail'},
	{name: 'idle', about: 'scaled to zero twenty minutes ago'},
	{name: 'deploying', about: 'ready after a minute'},
	{name: 'outage', about: 'the network fails now and then'},
	{name: 'missing', about: 'one node stops reporting'},
	{name: 'half', about: 'the GPUs of one node are idle while others work'},
	{name: 'crash', about: 'one node restarts, and comes back without a GPU'},
	{name: 'hung', about: 'requests hang: none has completed for a while'},
	{name: 'unused', about: 'the run has ended, and its GPUs are still paid for'},
	{name: 'full', about: 'RAM and storage run out, and the memory of a GPU'},
	{name: 'stale', about: 'the server responds, but without new samples'},
	{name: 'odd', about: 'parts of the responses are unreadable'},
	{name: 'failed', about: 'the trainer failed ten minutes ago'},
	{name: 'empty', about: 'running, but without any samples yet'},
] as const;

export type Scenario = (typeof scenarios)[number];
export type ScenarioName = Scenario['name'];

/** Returns the scenario with this name, or undefined. */
export function findScenario(name: string): Scenario | undefined {
	return scenarios.find(scenario => scenario.name === name);
}
