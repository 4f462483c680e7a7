import stringWidth from 'string-width';
import {exitCodes, UserError} from '../errors/user-error.ts';
import type {RuleName} from '../metrics/findings.ts';
import {isLive, memberStateWithViews, watchedIds} from '../state/overview.ts';
import {listedRows, totalsOfRows} from '../state/overview-list.ts';
import type {OverviewRow} from '../state/overview-row.ts';
import type {State} from '../state/state.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {formatDollars, rateWords} from '../text/cost-text.ts';
import {describeFailure} from '../text/failure-text.ts';
import {datedSentence, sinceWords} from '../text/finding-sentence.ts';
import {formatCount, formatLatency, formatPercent, formatShare} from '../text/format.ts';
import {jsonLine} from './json.ts';
import {failOnError, type LastLine, type LinesOptions} from './lines.ts';
import type {Line} from './snapshot-types.ts';

/**
 * Returns the lines of -o json with --all: for each live deployment about which anything is known, values or a failure.
 */
export function overviewJson(state: State): readonly Line[] {
	return watchedIds(state).flatMap(id => {
		const alone = memberStateWithViews(state, id);
		return alone === undefined ? [] : jsonLine(alone);
	});
}

/**
 * Returns the error of --fail-on for the first deployment with an active finding of these rules; undefined if there is
 * none.
 */
export function overviewFailure(state: State, failOn: readonly RuleName[]): UserError | undefined {
	for (const id of watchedIds(state)) {
		const error = failOnError(memberStateWithViews(state, id)?.findings.current ?? [], failOn);
		if (error !== undefined) {
			return new UserError(`${id}: ${error.message}`, exitCodes.finding);
		}
	}

	return undefined;
}

/**
 * Formats the overview as a table: one line for each deployment, with values for the live ones, and one line with their
 * totals. If there are no deployments, the text says so and suggests what to do.
 */
export function overviewText(state: State, zone: Zone): string {
	const {list, scope} = state.deployments;
	if (list?.length === 0) {
		return scope === 'org'
			? 'The organization has no deployments. Is the key from the right workspace?\n'
			: "This key has no deployments. List the organization's with --org, or use a key from the right workspace.\n";
	}

	const cost = state.prices.own === undefined ? '$/h list' : '$/h own';
	const head = ['id', 'model', 'status', 'owner', 'GPUs', 'now', '1h', 'req/s', 'p99', 'failed', cost, 'finding'];
	const cells = [
		head,
		...listedRows(state).map(row => cellsOf(isLive(row.deployment) ? row : withoutValues(row), state, zone)),
	];
	const widths = head.map((_, column) =>
		Math.min(Math.max(...cells.map(row => stringWidth(row[column] ?? ''))), maxColumnWidth),
	);
	const lines = cells.map(row =>
		row
			.map((text, column) => text + ' '.repeat(Math.max((widths[column] ?? 0) - stringWidth(text), 0)))
			.join('  ')
			.trimEnd(),
	);
	return `${[...lines, '', sumsOf(state)].join('\n')}\n`;
}

/** The maximum width of a column, in cells: longer text moves only the rest of its own line. */
const maxColumnWidth = 48;

/**
 * Returns a row without values. The table waits only for live deployments, so the values of others would be present
 * only sometimes.
 */
function withoutValues({deployment}: OverviewRow): OverviewRow {
	return {deployment, link: {kind: 'connecting'}, measures: undefined, findings: undefined, perHour: undefined};
}

function cellsOf({deployment, measures, findings, link, perHour}: OverviewRow, {live}: State, zone: Zone): string[] {
	const {id, baseModel = '–', status = '–', owner = '–', nodeCount, instance} = deployment;
	const size = [nodeCount, instance?.gpusPerNode].filter(count => count !== undefined).join('×');
	const [worst] = findings ?? [];
	const finding =
		link.kind === 'failing' || link.kind === 'refused'
			? `${describeFailure(link.failure)}, since ${formatMoment(link.sinceMs, live.nowMs, zone)}`
			: worst === undefined
				? '–'
				: datedSentence(worst, sinceWords(worst, live.nowMs, zone));
	return [
		id,
		baseModel,
		status,
		owner,
		[size, instance?.gpuType ?? ''].join(' ').trim(),
		formatPercent(measures?.utilization),
		formatPercent(measures?.busy),
		formatCount(measures?.requests),
		formatLatency(measures?.p99),
		formatShare(measures?.failed),
		perHour === undefined ? '–' : formatDollars(perHour),
		finding,
	];
}

function sumsOf(state: State): string {
	const {live, gpus, busyGpus, idleGpus, perHour, found, failing} = totalsOfRows(listedRows(state));
	const source = state.prices.own === undefined ? 'list' : 'user';
	const cost = perHour === undefined ? '' : `, ${rateWords(perHour, source)}`;
	return `${live} live: ${busyGpus} GPUs in use, ${idleGpus} idle, ${gpus - busyGpus - idleGpus} unknown${cost}; ${found} with findings, ${failing} with failed polls`;
}

/** Writes one line of JSON for each poll of each watched deployment. */
export class OverviewLines {
	readonly #options: LinesOptions;
	#written = 0;
	#last: LastLine | undefined;

	constructor(options: LinesOptions) {
		this.#options = options;
	}

	/** The reason why no more lines follow; undefined while more lines follow. */
	get last(): LastLine | undefined {
		return this.#last;
	}

	/** Writes a line for each deployment that was polled, unless the last line has been written. */
	report(ids: readonly string[]): void {
		const {store, count, failOn, write} = this.#options;
		const state = store.getState();
		const watched = new Set(watchedIds(state));
		for (const id of ids.filter(one => watched.has(one))) {
			const alone = memberStateWithViews(state, id);
			if (alone === undefined || this.#last !== undefined) {
				continue;
			}

			const {link} = alone.views.trainer;
			write(`${JSON.stringify(jsonLine(alone))}\n`);
			this.#written++;
			const error = failOnError(alone.findings.current, failOn);
			if (error !== undefined) {
				this.#last = {kind: 'found', error: new UserError(`${id}: ${error.message}`, exitCodes.finding)};
			} else if (this.#written === count) {
				this.#last = {kind: 'counted', failure: link.kind === 'failing' ? link.failure : undefined};
			}
		}
	}
}
