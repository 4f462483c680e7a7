import type {NodePrice, WindowCost} from '../metrics/cost.ts';
import type {CurrentFinding} from '../metrics/findings.ts';
import {defaultThresholds} from '../metrics/thresholds.ts';
import type {Window} from '../metrics/windows.ts';
import {formatCount, formatGrouped, formatLength, formatPercent} from './format.ts';

/** Formats US dollars: `$0.85`, `$6.50`, `$208`, `$1,234`, `$12.3k`. */
export function formatDollars(dollars: number): string {
	if (dollars >= 9999.5) {
		return `$${formatCount(dollars)}`;
	}

	return `$${dollars < 99.995 ? dollars.toFixed(2) : formatGrouped(Math.round(dollars))}`;
}

/** The name of each price that an amount can be based on. Amounts are estimates: none of them is a bill. */
const sources: Readonly<Record<NodePrice['source'], string>> = {list: 'list', user: 'own price'};

/** Formats the cost per hour: `$208/h list`, or `$208/h own price`. */
export function rateWords(perHour: number, source: NodePrice['source']): string {
	return `${formatDollars(perHour)}/h ${sources[source]}`;
}

/** The fraction of a window that can be unknown without being mentioned: samples are sometimes missed. */
const unnoticedPart = 0.05;

/**
 * The minimum unknown time that is mentioned, in milliseconds: by default, the newest sample can be this old without
 * being stale.
 */
const leastUnknownMs = defaultThresholds.staleMs;

/**
 * Returns the length of the time that a value in a window covers: `1h`, or `35m of 1h` if the rest of the window is
 * unknown.
 */
export function windowWords({name, lengthMs}: Window, knownMs: number): string {
	const unknownMs = lengthMs - knownMs;
	return unknownMs > Math.max(unnoticedPart * lengthMs, leastUnknownMs) ? `${formatLength(knownMs)} of ${name}` : name;
}

/**
 * Formats the cost in the window: `list price in 1h: $208, 38% idle = $79`, or `list price in 35m of 1h: $121` if a part
 * of the window is unknown.
 */
export function windowCostWords(
	window: Window,
	{total, idle, knownMs}: WindowCost,
	source: NodePrice['source'],
): string {
	const kind = source === 'list' ? 'list price' : sources[source];
	const idleCost = idle === undefined || idle.share < 0.005 ? '' : ` = ${formatDollars(idle.cost)}`;
	const idleWords = idle === undefined ? '' : `, ${formatPercent(idle.share)} idle${idleCost}`;
	return `${kind} in ${windowWords(window, knownMs)}: ${formatDollars(total)}${idleWords}`;
}

const hourMs = 3_600_000;

/** The estimated cost per hour in US dollars (undefined if it is unknown), and the price that it is based on. */
type HourlyCost = {readonly price: NodePrice; readonly perHour: number | undefined};

/** Matches an ID that needs no quotes in any shell. */
const plainId = /^[\w-]{1,200}$/;

/**
 * Returns a clause with the cost since an `idle-deployment` finding began, and with the command that ends the run;
 * undefined if there is no such active finding, or if neither is known. The amount is the cost per hour times the idle
 * time, so it is an estimate; if the finding might have begun earlier, it is a minimum.
 */
export function idleCostWords(
	found: readonly CurrentFinding[],
	{
		cost,
		runId,
		nowMs,
	}: {readonly cost: HourlyCost | undefined; readonly runId: string | undefined; readonly nowMs: number},
): string | undefined {
	const finding = found.find(({rule, state}) => rule === 'idle-deployment' && state === 'active');
	if (finding === undefined) {
		return undefined;
	}

	const amount =
		cost?.perHour === undefined
			? []
			: [
					`idle time has cost ${finding.sinceIsLowerBound ? 'at least' : 'about'} ${formatDollars((cost.perHour * Math.max(nowMs - finding.sinceMs, 0)) / hourMs)} at ${cost.price.source === 'list' ? 'the list price' : 'your own price'}`,
				];
	const command =
		runId !== undefined && plainId.test(runId)
			? [`to end the run: baseten loops run deactivate --run-id ${runId} --yes`]
			: [];
	const clauses = [...amount, ...command];
	return clauses.length === 0 ? undefined : clauses.join('; ');
}
