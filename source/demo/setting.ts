import type {ScenarioName} from './scenarios.ts';

/** What is simulated. Everything is a function of these and of the time: the same time always has the same values. */
export type Setting = {
	readonly scenario: ScenarioName;
	readonly seed: number;
	/** When the demo began, in epoch milliseconds: what goes wrong does so before or after it. */
	readonly startedAtMs: number;
	readonly nodes: number;
	readonly gpusPerNode: number;
};
