/** The scenarios of the demo; the first one is the default. */
export const scenarios = [
	{name: 'steady', about: '4 nodes with 8 H100s each, all healthy'},
	{name: 'single', about: 'one node, no breakdown by node, and no sampler'},
	{name: 'fleet', about: '16 nodes with 8 H100s each'},
	{name: 'straggler', about: 'one GPU falls behind and slows down the others'},
	{name: 'errors', about: 'many requests fail'},
	{name: 'idle', about: 'scaled to zero twenty minutes ago'},
	{name: 'deploying', about: 'ready after a minute'},
	{name: 'outage', about: 'the network fails now and then'},
	{name: 'missing', about: 'one node stops reporting'},
	{name: 'half', about: 'the GPUs of one node are idle while others work'},
	{name: 'crash', about: 'one node restarts, and comes back without a GPU'},
	{name: 'hung', about: 'requests hang, and none has completed for a while'},
	{name: 'waiting', about: 'the trainer waits for its client, which sends no requests'},
	{name: 'unused', about: "the run has ended, but you're still paying for its GPUs"},
	{name: 'full', about: 'RAM, storage, and the memory of one GPU run out'},
	{name: 'stale', about: 'the server responds, but has no new samples'},
	{name: 'odd', about: 'parts of the responses are unreadable'},
	{name: 'failed', about: 'the trainer failed ten minutes ago'},
	{name: 'empty', about: 'running, but without any samples yet'},
] as const;

type Scenario = (typeof scenarios)[number];
export type ScenarioName = Scenario['name'];

/** Returns the scenario with this name, or undefined. */
export function findScenario(name: string): Scenario | undefined {
	return scenarios.find(scenario => scenario.name === name);
}
