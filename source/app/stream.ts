import type {Configuration} from '../command-line/options.ts';
import type {Output} from '../command-line/output-options.ts';
import {type ExitCode, exitCodes} from '../errors/user-error.ts';
import {type LastLine, Lines} from '../output/lines.ts';
import {PlainLines} from '../output/plain/plain-lines.ts';
import {chooseDeployment} from '../polling/fetch-once.ts';
import {type PollResult, poll} from '../polling/poller.ts';
import type {FatalReason} from '../polling/polling-context.ts';
import type {SamplerOutput} from '../state/state.ts';
import type {Store} from '../state/store.ts';
import {toAsciiLines} from '../theme/theme.ts';
import type {Connection} from './connect.ts';
import {explainFatal} from './explain-ending.ts';
import {runOnFinding} from './finding-command.ts';
import {ringForFindings} from './notify.ts';
import {pollOthers, reportUnwatched} from './overview.ts';
import {openSession, type Session, serve} from './session.ts';

/** Starts printing a store as sentences, without colors or symbols. With --bell, also rings if stdout is a terminal. */
export function speak({symbols, utc, bell}: Configuration, store: Store, stdout: NodeJS.WriteStream): PlainLines {
	const lines = new PlainLines({
		store,
		zone: utc ? 'utc' : 'local',
		write: text => stdout.write(symbols === 'ascii' ? toAsciiLines(text) : text),
	});
	lines.begin();
	if (bell && stdout.isTTY) {
		// Among sentences, the bell is the only control character, so no notification is sent.
		ringForFindings(store, stdout, undefined);
	}

	return lines;
}

/** The outputs without a screen that continue until their last line, or until the program is asked to stop. */
type StreamOutput = Exclude<Output, {kind: 'once'}>;

/** The destination of a run without a screen, and the signal that stops it. */
export type StreamContext = {
	readonly stdout: NodeJS.WriteStream;
	readonly stderr: NodeJS.WritableStream;
	/** Aborted when the program is asked to stop. */
	readonly stopped: AbortSignal;
};

/** Writes poll results. After the last one, `last` says why no more follow. */
type LineWriter = {
	readonly last: LastLine | undefined;
	/** Writes a poll result of the watched deployment. */
	readonly report?: (result: PollResult) => void;
	/** Writes the results for the deployments that were polled with --all. */
	readonly reportAll?: (ids: readonly string[]) => void;
};

async function createLineWriter(
	configuration: Configuration,
	output: StreamOutput,
	store: Store,
	stdout: NodeJS.WriteStream,
): Promise<LineWriter | undefined> {
	switch (output.kind) {
		case 'lines': {
			const options = {...output, store, write: (text: string) => stdout.write(text)};
			if (configuration.all) {
				const {OverviewLines} = await import('../output/overview-output.ts');
				const lines = new OverviewLines(options);
				return {
					get last() {
						return lines.last;
					},
					reportAll: ids => lines.report(ids),
				};
			}

			const lines = new Lines(options);
			return {
				get last() {
					return lines.last;
				},
				report: result => lines.report(result),
			};
		}

		case 'plain':
			return speak(configuration, store, stdout);
		case 'by-terminal':
			return undefined;
	}
}

/**
 * Returns the sampler values that an output needs: lines and sentences need those of the requested window; Prometheus
 * metrics alone need only the current ones.
 */
function samplerOutputOf({kind, listen}: StreamOutput): SamplerOutput {
	if (kind !== 'by-terminal') {
		return 'shown';
	}

	return listen === undefined ? 'none' : 'now';
}

/**
 * Polls without a screen: writes a line or sentences per poll, or nothing, and serves Prometheus metrics if an address
 * is given. Ends after the last line, or earlier if a rule of --fail-on has an active finding, an error ends polling,
 * or the program is asked to stop.
 */
export async function stream(
	configuration: Configuration,
	output: StreamOutput,
	connection: Connection,
	surroundings: StreamContext,
): Promise<ExitCode> {
	const session = openSession(configuration, connection, samplerOutputOf(output));
	const serving = serve(output.listen, session.store, session.clock.now);
	await untilStopped(
		serving.url.then(url => {
			if (url !== undefined) {
				surroundings.stderr.write(`loops-top: serving ${url}\n`);
			}
		}),
		surroundings.stopped,
	);
	if (surroundings.stopped.aborted) {
		await serving.close();
		return exitCodes.ok;
	}

	const report = (problem: string): unknown => surroundings.stderr.write(`loops-top: ${problem}.\n`);
	const alerts = runOnFinding(session.store, {command: configuration.onFinding, report});
	if (configuration.all) {
		reportUnwatched(session.store, report);
	}

	try {
		const writer = await createLineWriter(configuration, output, session.store, surroundings.stdout);
		await follow(session, writer, connection, surroundings);
		return exitCodes.ok;
	} finally {
		await untilStopped(alerts.settled(), surroundings.stopped);
		alerts.stop();
		await serving.close();
	}
}

/**
 * Waits for a promise, or until the program is asked to stop.
 */
async function untilStopped(awaited: Promise<void>, stopped: AbortSignal): Promise<void> {
	if (stopped.aborted) {
		return;
	}

	const end = new Promise<void>(resolve => {
		stopped.addEventListener('abort', () => resolve(), {once: true});
	});
	await Promise.race([awaited, end]);
}

/** Polls, and throws the error that ends polling, if there is one. */
async function follow(
	session: Session,
	lines: LineWriter | undefined,
	connection: Connection,
	{stopped}: Pick<StreamContext, 'stopped'>,
): Promise<void> {
	const {client, store, clock} = session;
	const {renewKey, debug} = connection;
	const polling = new AbortController();
	const {signal} = polling;
	stopped.addEventListener('abort', () => polling.abort(), {once: true});
	const endAfterLast = (): void => {
		if (lines?.last !== undefined) {
			polling.abort();
		}
	};
	const onPollResult = (result: PollResult): void => {
		lines?.report?.(result);
		endAfterLast();
	};
	const begin = async (): Promise<FatalReason | undefined> => {
		const {target, overview} = store.getState();
		const isUnchosen = target.kind === 'unchosen' && !overview.isAlways;
		const undecided = isUnchosen ? await chooseDeployment({client, store, now: clock.now, signal}) : undefined;
		if (undecided !== undefined) {
			return undecided;
		}

		const watched = poll(
			{client, store, renewKey, clock, random: Math.random, onPollResult, onPlan: debug?.planned},
			signal,
		);
		if (!overview.isAlways) {
			return watched;
		}

		const others = pollOthers(session, connection, signal, ids => {
			lines?.reportAll?.(ids);
			endAfterLast();
		});
		return Promise.race([watched, others.then(async () => watched)]);
	};
	const fatal = await begin().catch((error: unknown) => {
		if (!signal.aborted) {
			throw error;
		}

		return undefined;
	});
	const last = lines?.last;
	if (last?.kind === 'found') {
		throw last.error;
	}

	const refused = last?.failure === undefined ? fatal : ({kind: 'refused', failure: last.failure} as const);
	if (refused !== undefined) {
		throw await explainFatal(refused, session, connection);
	}
}
