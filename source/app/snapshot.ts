import {once} from 'node:events';
import process from 'node:process';
import {targetName} from '../api/target.ts';
import type {OnceFormat} from '../command-line/flags.ts';
import type {Configuration} from '../command-line/options.ts';
import type {Output} from '../command-line/output-options.ts';
import {resolveRange} from '../command-line/time-options.ts';
import {type ExitCode, exitCodes} from '../errors/user-error.ts';
import type {TimeRange} from '../metrics/windows.ts';
import {jsonSnapshot} from '../output/json.ts';
import {failOnError} from '../output/lines.ts';
import {textSnapshot} from '../output/text.ts';
import {fetchOnce} from '../polling/fetch-once.ts';
import type {State} from '../state/state.ts';
import {toAsciiLines} from '../theme/theme.ts';
import type {Connection} from './connect.ts';
import {explainFatal} from './explain-ending.ts';
import {countResponses, processProgress} from './progress.ts';
import {openSession} from './session.ts';

/** Prints one snapshot to stdout, without a screen. */
export async function printSnapshot(
	configuration: Configuration,
	output: Extract<Output, {kind: 'once'}>,
	connection: Connection,
	stdout: NodeJS.WriteStream,
): Promise<ExitCode> {
	if (configuration.all) {
		const {printAll} = await import('./overview.ts');
		return printAll(configuration, output, connection, stdout);
	}

	const session = openSession(configuration, connection, 'shown', output.format === 'json');
	const {client, store, clock} = session;
	const {signal} = new AbortController();
	const {window, utc, times} = configuration;
	const chosen = times.range;
	const range =
		chosen &&
		((): TimeRange =>
			resolveRange(chosen, window.lengthMs, {startMs: undefined, endMs: clock.now(), zone: utc ? 'utc' : 'local'}));
	// Rejects an invalid range before anything is requested.
	range?.();
	const progress = processProgress();
	const counted = countResponses(client, progress, targetName(store.getState().target) || 'the deployments');
	const fatal = await fetchOnce({client: counted, store, now: clock.now, signal, range}).finally(progress.clear);
	if (fatal !== undefined) {
		throw await explainFatal(fatal, session, connection);
	}

	return printState(configuration, output, store.getState(), stdout);
}

/**
 * Writes a state to stdout in the requested format.
 *
 * @throws UserError with exit code 10 if a rule in `failOn` has an active finding
 */
export async function printState(
	configuration: Configuration,
	{format, failOn}: Extract<Output, {kind: 'once'}>,
	state: State,
	stdout: NodeJS.WritableStream,
): Promise<ExitCode> {
	for (const chunk of await chunksOf(format, state, configuration)) {
		if (!stdout.write(chunk)) {
			await once(stdout, 'drain');
		}
	}

	const error = failOnError(state.views.trainer.findings.current, failOn);
	if (error !== undefined) {
		throw error;
	}

	return exitCodes.ok;
}

/** Returns the text of a state, in pieces, because the series of a window can be large. */
async function chunksOf(format: OnceFormat, state: State, {utc, symbols}: Configuration): Promise<Iterable<string>> {
	const zone = utc ? 'utc' : 'local';
	switch (format) {
		case 'text':
			return [symbols === 'ascii' ? toAsciiLines(textSnapshot(state, zone)) : textSnapshot(state, zone)];
		case 'json':
			return [`${JSON.stringify(jsonSnapshot(state), undefined, 2)}\n`];
		case 'csv':
		case 'openmetrics':
		case 'html': {
			const {exportText, isEmptyExport, missingInExport} = await import('../output/export/export-text.ts');
			if (isEmptyExport(state)) {
				const hasUnreadable = [state.views.trainer, state.views.sampler].some(({snapshot}) => snapshot.dropped > 0);
				process.stderr.write(
					`loops-top: There are no ${hasUnreadable ? 'readable ' : ''}samples in this time range.\n`,
				);
			} else {
				const missing = missingInExport(state).map(words => `loops-top: The export is incomplete: ${words}.\n`);
				process.stderr.write(missing.join(''));
			}

			return exportText(format, state, zone);
		}
	}
}
