import type {FieldProblem} from '../api/metrics-response.ts';
import {logRequests} from '../state/actions.ts';
import type {Component} from '../state/component.ts';
import {type MissingPart, missingParts} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {describeFailure, describeMissing} from '../text/failure-text.ts';
import {isoTime, jsonLogs} from './json-metrics.ts';
import type {Problem} from './snapshot-types.ts';

/**
 * Returns the reason why the earlier values aren't available, as one problem; empty if they are, or if nothing is
 * compared.
 */
export function comparisonProblems({choices: {comparison}, sideFailures}: State): readonly FieldProblem[] {
	const fault = sideFailures.reference;
	return comparison === 'off' || fault === undefined
		? []
		: [{field: 'comparison', problem: `is unknown: ${describeFailure(fault.failure)}`}];
}

function problemOf({part, failure, atMs}: MissingPart): FieldProblem {
	const verb = part === 'checkpoints' ? ['are', 'were'] : ['is', 'was'];
	const known = atMs === undefined ? `${verb[0]} unknown` : `${verb[1]} last received at ${isoTime(atMs)}`;
	return {field: part, problem: `${known}: ${describeMissing(failure)}`};
}

/**
 * Returns the reasons why the cost, the run, or its checkpoints are unknown or old (the last request failed, or the
 * price list lacks the instance type), and why the checkpoints are incomplete (some are unreadable).
 */
export function partProblems(state: State): readonly FieldProblem[] {
	const unreadable = state.checkpoints?.unreadable ?? 0;
	return [
		...missingParts(state).flatMap(missing => (missing.part === 'extras' ? [] : [problemOf(missing)])),
		...(unreadable === 0 ? [] : [{field: 'checkpoints', problem: `don't include ${unreadable} that can't be read`}]),
	];
}

/**
 * Returns the reasons why sampler metrics are incomplete or unknown: points were left out, or the last request for the
 * additional metrics failed.
 */
export function samplerProblems(state: State): readonly FieldProblem[] {
	const {dropped} = state.views.sampler.snapshot;
	const left = `don't include ${dropped} that can't be read or are in the future`;
	return [
		...(dropped === 0 ? [] : [{field: "the sampler's points", problem: left}]),
		...missingParts(state).flatMap(({part, failure}) =>
			part === 'extras'
				? [{field: 'additional sampler metrics', problem: `are unknown: ${describeMissing(failure)}`}]
				: [],
		),
	];
}

/**
 * Returns the reason why the logs of a component are unknown; empty if they are known, or if the output doesn't contain
 * logs.
 */
export function logsProblems(state: State, component: Component): readonly FieldProblem[] {
	if (!state.hasLogOutput || jsonLogs(state, component) !== undefined) {
		return [];
	}

	const fault = state.sideFailures[logRequests[component].newest] ?? state.sideFailures[logRequests[component].earlier];
	const reason = state.replay === undefined ? "they weren't requested" : "they aren't in the recording";
	const why = fault === undefined ? reason : describeFailure(fault.failure);
	return [{field: 'logs', problem: `are unknown: ${why}`}];
}

/** Returns a problem in the form of those in a snapshot's `problems`. */
export function toProblem({field, problem}: FieldProblem): Problem {
	return {field, problem};
}
