/** The scenarios of the demo; the first one is the default. */
export const scenarios = [
	{name: 'steady'},
	{name: 'single'},
	{name: 'fleet'},
	{name: 'straggler'},
	{name: 'errors'},
	{name: 'idle'},
	{name: 'deploying'},
	{name: 'outage'},
	{name: 'missing'},
	{name: 'half'},
	{name: 'crash'},
	{name: 'hung'},
	{name: 'sampler'},
	{name: 'waiting'},
	{name: 'unused'},
	{name: 'full'},
	{name: 'stale'},
	{name: 'odd'},
	{name: 'failed'},
	{name: 'empty'},
] as const;

type Scenario = (typeof scenarios)[number];
export type ScenarioName = Scenario['name'];

/** Returns the scenario with this name; undefined if there is none. */
export function findScenario(name: string): Scenario | undefined {
	return scenarios.find(scenario => scenario.name === name);
}
