import process from 'node:process';
import {targetName} from '../api/target.ts';
import {changesBetween, type Finding, nodeOf, ranksOf} from '../metrics/findings.ts';
import {jsonFinding} from '../output/json.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {createFindingCommand, type FindingEvent} from './finding-command.ts';

export type OnFindingOptions = {
	/** The shell command of `--on-finding`; nothing is run without one. */
	readonly command: string | undefined;
	/** Called with one line about a command that failed. */
	readonly report: (problem: string) => void;
};

/**
 * Runs the user's command whenever a finding of the store becomes active, gets worse or is resolved. A finding that holds at
 * the first look counts as one that becomes active; one that becomes unknown, or known again, is not an event.
 *
 * Returns the function that ends this: it kills a command that still runs.
 */
export function runOnFinding(store: Store, {command, report}: OnFindingOptions): () => void {
	if (command === undefined) {
		return () => undefined;
	}

	const runner = createFindingCommand({command, environment: process.env, report});
	// A command in a group of its own would outlive this process, however it ends.
	process.once('exit', runner.stop);
	let before = store.getState().findings;
	const unsubscribe = store.subscribe(() => {
		const state = store.getState();
		if (state.findings !== before) {
			const {appeared, worsened, resolved} = changesBetween(before, state.findings);
			before = state.findings;
			for (const finding of [...appeared, ...worsened, ...resolved]) {
				runner.run(eventOf(finding, state));
			}
		}
	});
	return () => {
		unsubscribe();
		process.removeListener('exit', runner.stop);
		runner.stop();
	};
}

function eventOf(finding: Finding, state: State): FindingEvent {
	const {target, live} = state;
	const json = jsonFinding(finding, state);
	const id = targetName(target);
	const ranks = ranksOf(finding);
	return {
		fields: {
			RULE: finding.rule,
			ID: json.id,
			STATE: finding.state,
			SUBJECT: [nodeOf(finding) ?? 'deployment', ...(ranks.length === 0 ? [] : [`GPU ${ranks.join(',')}`])].join(' '),
			MESSAGE: json.message,
			DEPLOYMENT: id,
		},
		json: JSON.stringify({
			schema: 'loops-top/1',
			type: 'finding',
			deployment: {id, model: live.deployment?.baseModel ?? null},
			...json,
		}),
	};
}
