import type {Action, PollerAction} from '../state/actions.ts';
import type {SideFailure} from '../state/side-response.ts';
import {describeFailure} from '../text/failure-text.ts';

/** One line of the debug log: the kind of event in one word, and a description. */
export type Event = {readonly event: string; readonly text: string};

/** Describes an action for the debug log, without typed or copied text, and without the samples of a response. */
export function describeAction(action: Action): Event {
	switch (action.type) {
		case 'metricsReceived': {
			const {range, window, tookMs} = action;
			const part = `${new Date(range.startMs).toISOString()} to ${new Date(range.endMs).toISOString()}`;
			return received(action, `${window} ${part} in ${Math.round(tookMs)} ms`);
		}

		case 'noMetrics':
			return received(action, 'no metrics');
		case 'pollFailed':
			return received(action, faultWords(action, action.atMs));
		case 'deploymentLoaded':
			return received(action, `status ${action.deployment.status ?? 'unknown'}`);
		case 'sideRequestSucceeded':
			return received(action, action.response.kind);
		case 'sideRequestFailed':
			return received(action, `${action.request}: ${faultWords(action.fault, action.atMs)}`);
		case 'recordingStopped':
			return received(action, action.why);
		case 'replayEnded':
			return received(action, action.why ?? 'at the end');
		case 'watchDeployment':
			return received(action, action.id);
		case 'historyRestored':
		case 'recordedWindowChanged':
		case 'gapEntered':
		case 'seeked':
		case 'tick':
		case 'deploymentUnavailable':
			return received(action, '');
		default: {
			const {type, ...details} = action;
			return {event: 'key', text: [type, ...detailWords(details)].join(' ')};
		}
	}
}

function received({type}: PollerAction, text: string): Event {
	return {event: 'event', text: text === '' ? type : `${type} ${text}`};
}

function faultWords({failure, nextAtMs}: SideFailure, atMs: number): string {
	const again = nextAtMs === undefined ? 'not retried' : `again in ${Math.round((nextAtMs - atMs) / 1000)} s`;
	return `${describeFailure(failure)}; ${again}`;
}

/** Parameters that aren't logged: what a user types or copies may be anything, even a key. */
const privateNames: ReadonlySet<string> = new Set(['text']);

function detailWords(details: object): readonly string[] {
	return Object.entries(details).flatMap(([name, value]) =>
		privateNames.has(name) || value === undefined ? [] : [`${name}=${String(value)}`],
	);
}
