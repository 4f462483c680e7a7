import {hasStatus} from '../../api/failure.ts';
import {isReplicaOf} from '../../metrics/replicas.ts';
import {toMs} from '../../state/logs.ts';
import {earliestLogsMs, planLogs} from '../../state/logs-plan.ts';
import type {SideFailure} from '../../state/side-response.ts';
import type {State} from '../../state/state.ts';
import {formatMoment, type Zone} from '../../text/clock-time.ts';
import {describeFailure, nameFailure} from '../../text/failure-text.ts';
import {symbols} from '../../theme/theme.ts';

/** Says why logs can't be loaded, and what happens next. */
function faultWords({failure, nextAtMs}: SideFailure, what: string, zone: Zone): string {
	const again =
		nextAtMs === undefined ? 'press l twice to retry' : `again at ${formatMoment(nextAtMs, nextAtMs, zone)}`;
	if (hasStatus(failure, 404, 405, 501)) {
		return `the server has no ${what} of this deployment: ${describeFailure(failure)} ${symbols.dot} ${again}`;
	}

	return hasStatus(failure, 401, 403)
		? `this key has no access to the ${what}: ${describeFailure(failure)} ${symbols.dot} ${again}`
		: `no ${what}: ${describeFailure(failure)} ${symbols.dot} ${again}`;
}

/** Names the failure in a few words, for a title. */
export function briefFault({failure, nextAtMs}: SideFailure, zone: Zone): string {
	const again = nextAtMs === undefined ? '' : ` ${symbols.dot} again ${formatMoment(nextAtMs, nextAtMs, zone)}`;
	return `${symbols.broken} ${nameFailure(failure)}${again}`;
}

/** Says why there are no entries. */
export function whyNoLogs(state: State, zone: Zone): string {
	const {logs, sideFailures, live} = state;
	const {buffer, filter, level} = logs;
	const [oldest] = buffer.ranges;
	if (sideFailures.logs !== undefined && buffer.lines === 0) {
		return faultWords(sideFailures.logs, 'logs', zone);
	}

	if (oldest === undefined) {
		return state.replay === undefined ? 'loading the logs' : 'no logs in the recording yet';
	}

	const {node, replicas} = logs.visible;
	const since = `since ${formatMoment(toMs(oldest.fromNs), live.nowMs, zone)}`;
	if (buffer.lines === 0) {
		return level === 'DEBUG' ? `nothing was logged ${since}` : `nothing at ${level} or above was logged ${since}`;
	}

	if (node !== undefined && replicas.length > 0 && !replicas.some(replica => isReplicaOf(replica, node))) {
		return `the logs have no replica named like ${node}: ${replicas.join(' ')}`;
	}

	const of = `none of ${buffer.lines} lines ${since}`;
	return filter.text === '' ? `${of} is of ${node ?? 'this node'}` : `${of} matches ${filter.text}`;
}

/** Returns the text above the first entry, or undefined. */
export function wordsAbove(state: State, zone: Zone): string | undefined {
	const {sideFailures, live, logs} = state;
	const [oldest] = logs.buffer.ranges;
	if (oldest === undefined) {
		return undefined;
	}

	const since = formatMoment(toMs(oldest.fromNs), live.nowMs, zone);
	if (sideFailures.earlierLogs !== undefined) {
		return faultWords(sideFailures.earlierLogs, 'earlier logs', zone);
	}

	if (planLogs(state)?.kind === 'back') {
		return state.replay === undefined
			? `loading entries before ${since}`
			: `the recording has no entries before ${since}`;
	}

	return toMs(oldest.fromNs) <= earliestLogsMs(live.nowMs)
		? 'no earlier entries: the server keeps seven days'
		: `searched back to ${since} ${symbols.dot} ← for earlier`;
}
