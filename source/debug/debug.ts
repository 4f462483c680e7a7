import {errorCodeOf} from '../api/failure.ts';
import type {Network} from '../api/network.ts';
import type {HttpResponse} from '../api/read-body.ts';
import {changesBetween} from '../metrics/known-findings.ts';
import type {Due} from '../polling/schedule.ts';
import type {Action, PollerAction, SideFailure} from '../state/actions.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {describeFailure} from '../text/failure-text.ts';
import {describeEnd} from '../text/finding-end.ts';
import {findingSentence} from '../text/finding-text.ts';
import {type DebugLog, openDebugLog} from './debug-log.ts';

type Log = Pick<DebugLog, 'note'>;

/** Wraps a network so that it logs only the method, path, status, bytes, and milliseconds of each request. */
export function loggedNetwork(network: Network, log: Log, elapsed: () => number): Network {
	return {
		async send(url, sent) {
			const beganMs = elapsed();
			const what = `${sent.method} ${url.pathname}${url.search}`;
			const logEnd = (came: string): void =>
				log.note('request', `${what} ${came} ${Math.round(elapsed() - beganMs)} ms`);
			try {
				const response = await network.send(url, sent);
				return {
					...headOf(response),
					body: counted(response, (bytes, end) => logEnd(`${response.status} ${bytes} bytes${end}`)),
				};
			} catch (error) {
				logEnd(sent.signal.aborted ? 'given up' : `failed ${errorCodeOf(error)}`);
				throw error;
			}
		},
	};
}

function headOf({ok, status, url, headers}: HttpResponse): Omit<HttpResponse, 'body'> {
	return {ok, status, url, headers};
}

/** Returns the same body, and reports once how many bytes of it were read, and whether it was read completely. */
function counted({body}: HttpResponse, logEnd: (bytes: number, end: string) => void): HttpResponse['body'] {
	if (body === null) {
		logEnd(0, '');
		return null;
	}

	return {
		async *[Symbol.asyncIterator]() {
			let bytes = 0;
			let end = ' (not all)';
			try {
				for await (const chunk of body) {
					bytes += chunk.byteLength;
					yield chunk;
				}

				end = '';
			} finally {
				logEnd(bytes, end);
			}
		},
		async cancel() {
			logEnd(0, ' (not all)');
			await body.cancel();
		},
	};
}

/** One line of the debug log: the kind of event in one word, and a description. */
type Event = {readonly event: string; readonly text: string};

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
		case 'membersPolled':
			return received(action, action.news.map(({id}) => id).join(' '));
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
	const again = nextAtMs === undefined ? 'not retried' : `retry in ${Math.round((nextAtMs - atMs) / 1000)} s`;
	return `${describeFailure(failure)}; ${again}`;
}

/** Parameters that aren't logged, because typed or copied text can be anything, even a key. */
const privateNames: ReadonlySet<string> = new Set(['text']);

function detailWords(details: object): readonly string[] {
	return Object.entries(details).flatMap(([name, value]) =>
		privateNames.has(name) || value === undefined ? [] : [`${name}=${String(value)}`],
	);
}

/** Returns a store that logs every action, and the resulting changes of findings. */
function loggedStore(store: Store, log: Pick<DebugLog, 'note'>): Store {
	const noteActions = (actions: readonly Action[]): void => {
		for (const {event, text} of actions.map(describeAction)) {
			log.note(event, text);
		}
	};
	const noteFindings = ({findings: before, target}: State): void => {
		const {findings: after, target: watched} = store.getState();
		if (before === after || target !== watched) {
			return;
		}

		const {appeared, worsened, knownAgain, becameUnknown, resolved} = changesBetween(before, after);
		for (const finding of [...appeared, ...worsened, ...knownAgain]) {
			log.note('found', findingSentence(finding));
		}

		for (const finding of becameUnknown) {
			log.note('unknown', findingSentence(finding));
		}

		for (const finding of resolved) {
			log.note('over', describeEnd(finding));
		}
	};
	return {
		...store,
		dispatch(...actions) {
			const before = store.getState();
			noteActions(actions);
			store.dispatch(...actions);
			noteFindings(before);
		},
		async dispatchInSlices(action, signal) {
			const before = store.getState();
			noteActions([action]);
			await store.dispatchInSlices(action, signal);
			noteFindings(before);
		},
	};
}

/** Logs the events of the store, the network, and the poller. */
export type Debug = DebugLog & {
	readonly network: (network: Network) => Network;
	readonly store: (store: Store) => Store;
	/** Logs the poller's next task. */
	readonly planned: (due: Due) => void;
};

/**
 * Opens the debug log of a run.
 *
 * @throws UserError, exit code 2, if the file can't be written
 */
export async function openDebug(file: string): Promise<Debug> {
	const log = await openDebugLog(file, Date.now);
	return {
		...log,
		network: network => loggedNetwork(network, log, () => performance.now()),
		store: store => loggedStore(store, log),
		planned({task, dueInMs}) {
			if (dueInMs > 0 && Number.isFinite(dueInMs)) {
				const name = task.kind === 'side-request' ? task.request.name : task.kind;
				log.note('plan', `${name} in ${(dueInMs / 1000).toFixed(1)} s`);
			}
		},
	};
}
