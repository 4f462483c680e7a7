import type {ScenarioName} from './scenarios.ts';

/** What is simulated. Everything is a function of these and the time: the same time always has the same values. */
export type Setting = {
	readonly scenario: ScenarioName;
	readonly seed: number;
	/** When the demo started, in epoch milliseconds. Failures happen relative to it. */
	readonly startedAtMs: number;
	readonly nodes: number;
	readonly gpusPerNode: number;
};
