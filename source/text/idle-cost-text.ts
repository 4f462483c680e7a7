import type {NodePrice} from '../metrics/cost.ts';
import type {CurrentFinding} from '../metrics/findings.ts';
import {formatDollars} from './cost-text.ts';

const hourMs = 3_600_000;

/** What an hour costs, by a price that isn't a bill; undefined if that isn't known. */
type HourlyCost = {readonly price: NodePrice; readonly perHour: number | undefined};

/** An id that needs no quotes in any shell. */
const plainId = /^[\w-]{1,200}$/;

/**
 * Returns what an `idle-deployment` finding has cost since it began and which command ends the run, in a clause; undefined
 * if it isn't active, or if neither is known. The amount is the hourly price times the idle time, so not a bill, and at
 * least that if it may have begun earlier.
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
					`idle time has cost ${finding.sinceIsLowerBound ? 'at least' : 'about'} ${formatDollars((cost.perHour * Math.max(nowMs - finding.sinceMs, 0)) / hourMs)} by ${cost.price.source === 'list' ? 'the list price' : 'your own price'}`,
				];
	const command =
		runId !== undefined && plainId.test(runId)
			? [`to end the run: baseten loops run deactivate --run-id ${runId} --yes`]
			: [];
	const clauses = [...amount, ...command];
	return clauses.length === 0 ? undefined : clauses.join('; ');
}
