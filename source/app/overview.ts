import type {Configuration} from '../command-line/options.ts';
import type {Output} from '../command-line/output-options.ts';
import {type ExitCode, exitCodes, UserError} from '../errors/user-error.ts';
import {isLive, isWatchingAll, memberOf, watchedIds} from '../state/overview.ts';
import {describeFailure} from '../text/failure-text.ts';
import {toAsciiLines} from '../theme/theme.ts';
import type {Connection} from './connect.ts';
import {explainFailure, explainFatal} from './explain-ending.ts';
import {openSession, type Session} from './session.ts';

/**
 * Polls all other deployments whenever the overview needs them, until `signal` is aborted. The code for this is loaded
 * on first use.
 */
export async function pollOthers(
	{unrecorded: client, store, clock, heldMs}: Session,
	{renewKey}: Pick<Connection, 'renewKey'>,
	signal: AbortSignal,
	onPolled?: (ids: readonly string[]) => void,
): Promise<void> {
	await needed(store, signal);
	if (!signal.aborted) {
		const {pollOverview} = await import('../polling/overview-poller.ts');
		await pollOverview({client, store, renewKey, clock, random: Math.random, heldMs, onPolled}, signal);
	}
}

/** Resolves as soon as all deployments have to be polled, or when the signal is aborted. */
async function needed(store: Session['store'], signal: AbortSignal): Promise<void> {
	await new Promise<void>(resolve => {
		const end = (): void => {
			unsubscribe();
			signal.removeEventListener('abort', end);
			resolve();
		};
		const look = (): void => {
			if (isWatchingAll(store.getState())) {
				end();
			}
		};
		const unsubscribe = store.subscribe(look);
		signal.addEventListener('abort', end, {once: true});
		look();
	});
}

/**
 * Reports why --all watches no deployments, or no new ones, whenever the reason changes: the list of deployments can't
 * be loaded, or none of them is live. Returns a function that stops the reports.
 */
export function reportUnwatched(store: Session['store'], report: (reason: string) => void): () => void {
	let before: string | undefined;
	return store.subscribe(() => {
		const {deployments, sideFailures} = store.getState();
		const failure = sideFailures.deployments?.failure;
		const noneIsLive = deployments.list?.some(isLive) === false;
		const reason =
			failure !== undefined
				? `Couldn't load the list of deployments: ${describeFailure(failure)}. Trying again`
				: noneIsLive
					? 'No deployment is live. Waiting for one'
					: undefined;
		if (reason !== undefined && reason !== before) {
			report(reason);
		}

		before = reason;
	});
}

/**
 * Requests list prices (unless a price is set) and the metrics of all live deployments once, and prints the results.
 *
 * @throws UserError if the list can't be loaded, if no request for metrics succeeds, or (with exit code 10) if a rule
 *   in `failOn` has an active finding
 */
export async function printAll(
	configuration: Configuration,
	{format, failOn}: Extract<Output, {kind: 'once'}>,
	connection: Connection,
	stdout: NodeJS.WritableStream,
): Promise<ExitCode> {
	const session = openSession(configuration, connection, 'none');
	const {client, store, clock} = session;
	const {signal} = new AbortController();
	const list = await client.deployments(configuration.scope, signal);
	if (!list.ok) {
		throw await explainFatal({kind: 'refused', failure: list.failure}, session, connection);
	}

	const atMs = clock.now();
	store.dispatch({type: 'sideRequestSucceeded', response: {kind: 'deployments', list: list.value}, atMs});
	const prices = configuration.price === undefined ? await client.prices(signal) : undefined;
	if (prices?.ok === true) {
		const response = {kind: 'prices', list: prices.value, atMs: clock.now()} as const;
		store.dispatch({type: 'sideRequestSucceeded', response, atMs: clock.now()});
	}

	await untilReceived(session, connection);
	const state = store.getState();
	const {overviewFailure, overviewJson, overviewText} = await import('../output/overview-output.ts');
	const text = overviewText(state, configuration.utc ? 'utc' : 'local');
	stdout.write(
		format === 'json'
			? `${JSON.stringify(overviewJson(state), undefined, 2)}\n`
			: configuration.symbols === 'ascii'
				? toAsciiLines(text)
				: text,
	);
	const ids = watchedIds(state);
	const failed = ids.flatMap(id => {
		const link = memberOf(state, id)?.live.links.trainer;
		return link?.kind === 'failing' ? {id, failure: link.failure} : [];
	});
	const [first] = failed;
	if (first !== undefined && failed.length === ids.length) {
		const {message, exitCode} = explainFailure(first.failure, {
			target: {kind: 'deployment', id: first.id},
			host: connection.apiUrl.host,
			keySource: connection.keySource(),
			known: list.value,
		});
		throw new UserError(
			ids.length === 1 ? message : `None of the ${ids.length} deployments responded. ${message}`,
			exitCode,
		);
	}

	const error = overviewFailure(state, failOn);
	if (error !== undefined) {
		throw error;
	}

	return exitCodes.ok;
}

/** Polls all deployments until the first request for the metrics of each live one has succeeded or failed. */
async function untilReceived(session: Session, connection: Connection): Promise<void> {
	const {store} = session;
	const polling = new AbortController();
	const look = (): void => {
		const state = store.getState();
		const isAwaited = (id: string): boolean =>
			(memberOf(state, id)?.live.links.trainer.kind ?? 'connecting') === 'connecting';
		if (!watchedIds(state).some(isAwaited)) {
			polling.abort();
		}
	};
	look();
	const unsubscribe = store.subscribe(look);
	await pollOthers(session, connection, polling.signal).finally(unsubscribe);
}
