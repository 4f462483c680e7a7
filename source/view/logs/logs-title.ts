import {hasStatus} from '../../api/failure.ts';
import {isReplicaOf} from '../../metrics/log-buffer.ts';
import {logRequests, type SideFailure} from '../../state/actions.ts';
import {earliestLogsMs, planLogs} from '../../state/derive-logs.ts';
import {logSelection, logsBelow, toMs} from '../../state/logs.ts';
import type {State} from '../../state/state.ts';
import {formatMoment, type Zone} from '../../text/clock-time.ts';
import {describeFailure, nameFailure} from '../../text/failure-text.ts';
import {symbols} from '../../theme/theme.ts';
import {cutEnd, cutNameStart, type Line, type Span, span} from '../line.ts';
import type {Title} from '../region.ts';

/** Says why logs can't be loaded, and what happens next. */
function faultWords({failure, nextAtMs}: SideFailure, what: string, zone: Zone): string {
	const again =
		nextAtMs === undefined ? 'press l twice to retry' : `retry at ${formatMoment(nextAtMs, nextAtMs, zone)}`;
	if (hasStatus(failure, 404, 405, 501)) {
		return `the server has no ${what} for this deployment: ${describeFailure(failure)} ${symbols.dot} ${again}`;
	}

	return hasStatus(failure, 401, 403)
		? `this key has no access to the ${what}: ${describeFailure(failure)} ${symbols.dot} ${again}`
		: `no ${what}: ${describeFailure(failure)} ${symbols.dot} ${again}`;
}

/** Names the failure in a few words, for a title. */
function briefFault({failure, nextAtMs}: SideFailure, zone: Zone): string {
	const again = nextAtMs === undefined ? '' : ` ${symbols.dot} retry ${formatMoment(nextAtMs, nextAtMs, zone)}`;
	return `${symbols.broken} ${nameFailure(failure)}${again}`;
}

/** Says why there are no entries. */
export function whyNoLogs(state: State, zone: Zone): string {
	const {logs, sideFailures, live, component} = state;
	const {buffer, filter, level} = logs;
	const [oldest] = buffer.ranges;
	const failure = sideFailures[logRequests[component].newest];
	if (failure !== undefined && buffer.lines === 0) {
		return faultWords(failure, component === 'trainer' ? 'logs' : 'sampler logs', zone);
	}

	if (component === 'sampler' && live.deployment !== undefined && live.deployment.sampler === undefined) {
		return 'this deployment has no sampler';
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
		return `no replica in the logs is named like ${node}: ${replicas.join(' ')}`;
	}

	const of = `none of ${buffer.lines} entries ${since}`;
	return filter.text === '' ? `${of} is from ${node ?? 'this node'}` : `${of} matches ${filter.text}`;
}

/** Returns the text above the first entry, or undefined. */
export function textAboveLogs(state: State, zone: Zone): string | undefined {
	const {sideFailures, live, logs, component} = state;
	const [oldest] = logs.buffer.ranges;
	if (oldest === undefined) {
		return undefined;
	}

	const since = formatMoment(toMs(oldest.fromNs), live.nowMs, zone);
	const failure = sideFailures[logRequests[component].earlier];
	if (failure !== undefined) {
		return faultWords(failure, 'earlier logs', zone);
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

const separator = span(` ${symbols.dot} `, 'dim');

function join(parts: ReadonlyArray<readonly Span[]>): Line {
	return parts.filter(part => part.length > 0).flatMap((part, index) => (index > 0 ? [separator, ...part] : part));
}

/** Returns the title: the filter, other restrictions, how many entries match, and whether new ones are followed. */
export function logsTitle(state: State, zone: Zone): Omit<Title, 'focused'> {
	const {logs, sideFailures, component, live} = state;
	const failure = sideFailures[logRequests[component].newest];
	const {visible, buffer, filter, minLevel, dropped} = logs;
	const fault: Line = failure === undefined ? [] : [span(briefFault(failure, zone), 'bad')];
	const unreadable: Line = dropped === 0 ? [] : [span(`${dropped} unreadable`, 'warn')];
	const least: Line = minLevel === 'DEBUG' ? [] : [span(`${minLevel.toLowerCase()} and up`, 'accent')];
	const node: Line = visible.node === undefined ? [] : [span(`only ${cutNameStart(visible.node, 20)}`, 'accent')];
	const isPart = visible.lines.length < buffer.lines;
	const counts = isPart ? `${visible.lines.length} of ${buffer.lines}` : String(buffer.lines);
	const count: Line = buffer.lines === 0 ? [] : [span(`${counts} ${counts === '1' ? 'entry' : 'entries'}`)];
	const where = placeSpans(state);
	return {
		number: 'l',
		title:
			component === 'trainer' && !(logs.isBoth && live.deployment?.sampler !== undefined)
				? 'Logs'
				: `${component === 'trainer' ? 'Trainer' : 'Sampler'} logs`,
		subtitles: filter.text === '' ? [] : [filter.text, cutEnd(filter.text, 12)],
		values: [
			join([fault, unreadable, node, least, count, where]),
			join([fault, node, least, where]),
			join([fault, least, where]),
			join([fault, where]),
			fault.length > 0 ? fault : where,
		],
	};
}

/** Returns whether new entries are followed, which time is shown, or how many entries are below. */
function placeSpans({logs, mode}: State): Line {
	switch (logs.place.kind) {
		case 'newest':
			return logs.buffer.lines === 0 ? [] : [span('following', 'good')];
		case 'time':
			return [span(logs.place.isCursor ? 'at the cursor' : mode.kind === 'past' ? 'history' : 'paused', 'warn')];
		case 'line': {
			const selection = logSelection(logs);
			const newer = logs.visible.lines.length - 1 - selection - logsBelow(logs, selection);
			return [span(newer > 0 ? `${symbols.below}${newer} newer` : 'not following', 'warn')];
		}
	}
}
