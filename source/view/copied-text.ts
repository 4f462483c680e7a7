import type {LogLine} from '../api/logs.ts';
import {typedKeys} from '../api/points.ts';
import type {Finding} from '../metrics/findings.ts';
import {gpuMetrics, limitOfGpu} from '../metrics/metric-table.ts';
import {logSelection, toMs} from '../state/logs.ts';
import {chosenDeployment} from '../state/overview-list.ts';
import {activeView, selectedGpuPosition, selectedPosition, visibleGpus} from '../state/selectors.ts';
import type {State} from '../state/state.ts';
import {selectedRow} from '../state/timeline.ts';
import {formatMoment, type Zone} from '../text/clock-time.ts';
import {datedSentence, sinceWords} from '../text/finding-sentence.ts';
import {formatAmount} from '../text/unit-format.ts';
import {eventText} from './timeline-lines.ts';

/**
 * Returns the selected item as text: a finding or an event, a deployment's ID, a log entry, a GPU with its values (if
 * the GPU pane is in full screen), or the name of a node. Undefined in the help, in the view of the run, and if nothing
 * is selected.
 */
export function selectedText(state: State, zone: Zone): string | undefined {
	const {overlay, zoom, focus, logs} = state;
	switch (overlay.kind) {
		case 'findings': {
			const row = selectedRow(state);
			if (row === undefined) {
				return undefined;
			}

			switch (row.kind) {
				case 'finding':
					return findingText(row.finding, state.live.nowMs, zone);
				case 'error':
					return logText(row.line);
				default:
					return eventText(row, state.live.nowMs, zone);
			}
		}

		case 'deployments':
			return chosenDeployment(state)?.id;
		case 'none':
			if (logs.isOpen) {
				const line = logs.visible.lines[logSelection(logs)];
				return line === undefined ? undefined : logText(line);
			}

			return zoom !== 'overview' && focus === 'gpus'
				? gpuText(state, zone)
				: activeView(state).nodes[selectedPosition(state)]?.id;
		case 'help':
		case 'run':
			return undefined;
	}
}

/**
 * Formats a log entry with all its known fields. The time is in UTC, to the nanosecond, so that users can search for
 * the entry elsewhere.
 */
function logText({timeNs, level, replica, requestId, message}: LogLine): string {
	const seconds = new Date(toMs(timeNs)).toISOString().slice(0, -'.000Z'.length);
	const time = `${seconds}.${String(timeNs % 1_000_000_000n).padStart(9, '0')}Z`;
	return [time, level, replica, requestId, message].filter(part => part !== undefined).join(' ');
}

/** Returns the ID of the watched deployment or run; undefined if none has been chosen. */
export function idText({target}: State): string | undefined {
	return target.kind === 'unchosen' ? undefined : target.id;
}

function findingText(finding: Finding, nowMs: number, zone: Zone): string {
	return datedSentence(finding, sinceWords(finding, nowMs, zone));
}

function gpuText(state: State, zone: Zone): string | undefined {
	const rows = visibleGpus(state);
	const row = rows[selectedGpuPosition(state, rows)];
	if (row === undefined) {
		return undefined;
	}

	const {gpu, node} = row;
	const {snapshot, nowMs} = activeView(state);
	const at = snapshot.atMs === undefined ? '' : `, at ${formatMoment(snapshot.atMs, nowMs, zone)}`;
	const values = typedKeys(gpuMetrics).map(name =>
		formatAmount(gpuMetrics[name].unit, gpu[name], limitOfGpu(gpu, name)),
	);
	return `${node.id} GPU ${gpu.rank}: ${values.join(', ')}${at}`;
}
