import {cleanLines} from '../api/clean-text.ts';
import {errorCodeOf} from '../api/failure.ts';
import type {Network} from '../api/network.ts';
import type {HttpResponse} from '../api/read-body.ts';
import type {Secret} from '../api/secret.ts';
import {changesBetween} from '../metrics/known-findings.ts';
import type {Due} from '../polling/schedule.ts';
import {AppendedFile, openToAppend} from '../recording/appended-file.ts';
import type {Action, PollerAction, SideFailure} from '../state/actions.ts';
import type {State} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {describeFailure} from '../text/failure-text.ts';
import {describeEnd, findingSentence} from '../text/finding-sentence.ts';

/** The debug log, with one entry per event. Writing to it never throws, and it never contains the key. */
export type DebugLog = {
	/** Adds an entry: the time, the kind of event in one word, and a description, whose further lines are indented. */
	note(event: string, text: string): void;
	/** Redacts this key in everything that is logged from now on. Earlier keys are still redacted. */
	hide(secret: () => Secret): void;
	/** Returns a clause that says why writing stopped early; undefined while it works. */
	stopped(): string | undefined;
	onStopped(listener: (why: string) => void): void;
	/** Returns whether a write is still pending although the log was closed. */
	isHung(): boolean;
	close(): Promise<void>;
};

/** The maximum length of a description, in characters; longer ones are cut. Stack traces are shorter. */
const longestNote = 8000;

/**
 * Opens a debug log, which appends to the file.
 *
 * @param now the local clock in epoch milliseconds
 * @throws UserError with exit code 2 if the file can't be written
 */
export async function openDebugLog(path: string, now: () => number): Promise<DebugLog> {
	const handle = await openToAppend('debug', path);
	const file = new AppendedFile({file: path, handle});
	const known: Secret[] = [];
	let current: (() => Secret) | undefined;
	return {
		note(event, text) {
			const secret = current?.();
			if (secret !== undefined && !known.includes(secret)) {
				known.push(secret);
			}

			const line = `${new Date(now()).toISOString()} ${event} ${cleanLines(text, longestNote)}`;
			const hidden = known.reduce((shown, one) => one.hideIn(shown), line);
			file.write(`${hidden.replaceAll('\n', '\n\t')}\n`);
		},
		hide(secret) {
			current = secret;
		},
		stopped: () => file.stopped(),
		onStopped: listener => file.onStopped(listener),
		isHung: () => file.isHung(),
		close: async () => file.close(),
	};
}

type Log = Pick<DebugLog, 'note'>;

/**
 * Wraps a network so that each request is logged: only its method, path, query, and duration in milliseconds, with
 * either the status of its response and the number of bytes read, or the reason why there is no response.
 */
export function loggedNetwork(network: Network, log: Log, elapsed: () => number): Network {
	return {
		async send(url, sent) {
			const beganMs = elapsed();
			const what = `${sent.method} ${url.pathname}${url.search}`;
			const logEnd = (came: string): void =>
				log.note('request', `${what} ${came} ${Math.round(elapsed() - beganMs)} ms`);
			try {
				const {body, status, ...head} = await network.send(url, sent);
				return {
					...head,
					status,
					body: counted(body, (bytes, end) => logEnd(`${status} ${bytes} bytes${end}`)),
				};
			} catch (error) {
				logEnd(sent.signal.aborted ? 'given up' : `failed ${errorCodeOf(error)}`);
				throw error;
			}
		},
	};
}

/** Returns the same body. When it ends, reports the number of bytes read and whether the body was read completely. */
function counted(body: HttpResponse['body'], logEnd: (bytes: number, end: string) => void): HttpResponse['body'] {
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

/** One entry of the debug log: the kind of event in one word, and a description. */
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

/** The parameters that aren't logged, because typed or copied text can be anything, even a key. */
const privateNames: ReadonlySet<string> = new Set(['text']);

function detailWords(details: object): readonly string[] {
	return Object.entries(details).flatMap(([name, value]) =>
		privateNames.has(name) || value === undefined ? [] : [`${name}=${String(value)}`],
	);
}

/** Returns a store that logs every action and the resulting changes in findings. */
function loggedStore(store: Store, log: Log): Store {
	const noteAction = (action: Action): void => {
		const {event, text} = describeAction(action);
		log.note(event, text);
	};
	const noteFindings = ({findings: before, target}: State): void => {
		const {findings: after, target: watched} = store.getState();
		if (before === after || target !== watched) {
			return;
		}

		const {appeared, worsened, knownAgain, becameUnknown, resolved} = changesBetween(before, after);
		const found = [...appeared, ...worsened, ...knownAgain].map(
			finding => ['found', findingSentence(finding)] as const,
		);
		const unknown = becameUnknown.map(finding => ['unknown', findingSentence(finding)] as const);
		const over = resolved.map(finding => ['over', describeEnd(finding)] as const);
		for (const [event, text] of [...found, ...unknown, ...over]) {
			log.note(event, text);
		}
	};
	return {
		...store,
		dispatch(...actions) {
			const before = store.getState();
			actions.forEach(noteAction);
			store.dispatch(...actions);
			noteFindings(before);
		},
		async dispatchInSlices(action, signal) {
			const before = store.getState();
			noteAction(action);
			await store.dispatchInSlices(action, signal);
			noteFindings(before);
		},
	};
}

/** The debug log of a run, and functions that log the events of the network, the store, and the poller. */
export type Debug = DebugLog & {
	readonly network: (network: Network) => Network;
	readonly store: (store: Store) => Store;
	/** Logs the poller's next task and the time until it is due, unless it is due now or never. */
	readonly planned: (due: Due) => void;
};

/**
 * Opens the debug log of a run.
 *
 * @throws UserError with exit code 2 if the file can't be written
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
