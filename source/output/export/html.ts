import packageJson from '../../../package.json' with {type: 'json'};
import {targetName} from '../../api/target.ts';
import type {CurrentFinding, ResolvedFinding} from '../../metrics/findings.ts';
import {share} from '../../metrics/node.ts';
import {statistics} from '../../metrics/series.ts';
import {findWindow} from '../../metrics/windows.ts';
import type {State} from '../../state/state.ts';
import {formatDay, formatSecond, type Zone, zoneOffsetMs} from '../../text/clock-time.ts';
import {findingSentence} from '../../text/finding-sentence.ts';
import {formatBytes, formatCount, formatPercent} from '../../text/format.ts';
import {noFindingsWords} from '../../text/status-text.ts';
import {chartSections} from './html-charts.ts';
import {escapeMarkup, pageStyle} from './svg-chart.ts';

/**
 * Writes the window on the screen as a self-contained HTML page: findings, charts, a heat map of the GPUs, and a table
 * of the nodes. The page makes no requests, runs no scripts, follows the reader's light or dark setting, and contains
 * no names of people.
 */
export function htmlPage(state: State, zone: Zone): string {
	const {snapshot, deployment, nowMs, window} = state.views.trainer;
	const id = targetName(state.target);
	const model = deployment?.baseModel ?? '';
	const title = `${model === '' ? 'Loops deployment' : model} · ${id}`;
	const isWhole = findWindow(window.name)?.lengthMs === window.lengthMs;
	const range = `${formatTime(snapshot.startMs, zone)} to ${formatTime(snapshot.endMs, zone)}`;
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeMarkup(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${escapeMarkup(model === '' ? id : model)}</h1>
<p>${[...(model === '' ? [] : [id]), statusText(state, zone), instanceText(state)].filter(Boolean).map(escapeMarkup).join(' · ')}</p>
<p>${isWhole ? `${window.name}: ` : ''}${escapeMarkup(range)}, ${zoneName(snapshot.endMs, zone)}</p>
</header>
<main>
${findingsSection(state, zone)}
${chartSections(state, zone)}
${nodesSection(state)}
</main>
<footer>loops-top ${packageJson.version}, ${escapeMarkup(formatTime(nowMs, zone))}. Gaps in curves and empty cells are missing samples.</footer>
</body>
</html>
`;
}

/** Describes the current status, with its time if an earlier range is shown. */
function statusText({views, mode}: State, zone: Zone): string {
	const {deployment, nowMs} = views.trainer;
	const status = deployment?.status ?? 'status unknown';
	return mode.kind === 'past' ? `${status} on ${formatTime(nowMs, zone)}` : status;
}

function instanceText({views}: State): string {
	const {deployment} = views.trainer;
	const {gpusPerNode, gpuType} = deployment?.instance ?? {};
	const nodes = deployment?.nodeCount;
	return nodes === undefined || gpusPerNode === undefined ? '' : `${nodes}×${gpusPerNode} ${gpuType ?? 'GPUs'}`;
}

function formatTime(timeMs: number, zone: Zone): string {
	return `${formatDay(timeMs, zone)} ${formatSecond(timeMs, zone)}`;
}

/**
 * Returns the time zone of the times on the page, such as `UTC` or `UTC+02:00`. The page names it, because the reader
 * can be in a different one.
 */
function zoneName(timeMs: number, zone: Zone): string {
	const minutes = Math.round(zoneOffsetMs(timeMs, zone) / 60_000);
	const size = Math.abs(minutes);
	const two = (value: number): string => String(value).padStart(2, '0');
	return minutes === 0 ? 'UTC' : `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Returns the time at which a finding began, or at which it was last known to be active. */
function timeWords(finding: CurrentFinding, zone: Zone): string {
	return finding.state === 'unknown'
		? `last known ${formatTime(finding.lastKnownMs, zone)}`
		: `since ${finding.sinceIsLowerBound ? 'before ' : ''}${formatTime(finding.sinceMs, zone)}`;
}

/** Returns the times at which a finding began and ended. */
function pastWords({sinceMs, sinceIsLowerBound, untilMs}: ResolvedFinding, zone: Zone): string {
	return `${sinceIsLowerBound ? 'before ' : ''}${formatTime(sinceMs, zone)} to ${formatTime(untilMs, zone)}`;
}

function findingsSection({views}: State, zone: Zone): string {
	const {findings, snapshot} = views.trainer;
	const items = [
		...findings.current.map(finding => [findingSentence(finding), timeWords(finding, zone)]),
		...findings.resolved
			.filter(({untilMs}) => untilMs >= snapshot.startMs)
			.map(finding => [findingSentence(finding), pastWords(finding, zone)]),
	].map(([text = '', times = '']) => `<li>${escapeMarkup(text)}<small>${escapeMarkup(times)}</small></li>`);
	const body =
		items.length > 0
			? `<ul class="findings">${items.join('')}</ul>`
			: `<p>${findings.isEvaluated ? `${noFindingsWords(snapshot).replace('n', 'N')}.` : 'Not evaluated: not enough data.'}</p>`;
	return `<section><h2>Findings</h2>${body}</section>`;
}

function nodesSection(state: State): string {
	const {nodes} = state.views.trainer.snapshot;
	if (nodes.length === 0) {
		return '<section><h2>Nodes</h2><p>No node has reported in this window.</p></section>';
	}

	const head = [
		'Node',
		'GPUs',
		state.mode.kind === 'past' ? 'Utilization at the end' : 'Utilization now',
		'Mean utilization',
		'GPU memory',
		'CPU cores',
		'RAM',
		'Storage',
	];
	const rows = nodes.map(node => {
		const means = node.gpus.flatMap(({series}) => statistics(series.utilization).mean ?? []);
		const mean = means.length === 0 ? undefined : means.reduce((a, b) => a + b, 0) / means.length;
		return [
			String(node.gpus.length),
			formatPercent(node.utilization),
			formatPercent(mean),
			formatPercent(share(node.gpuMemory, node.gpuMemoryTotal)),
			formatCount(node.cpu),
			formatBytes(node.ram),
			formatPercent(node.diskShare),
		];
	});
	return `<section class="wide"><h2>Nodes</h2><table><thead><tr>${head.map(text => `<th scope="col">${text}</th>`).join('')}</tr></thead><tbody>${rows
		.map(
			(cells, place) =>
				`<tr><th scope="row">${escapeMarkup(nodes[place]?.id ?? '')}</th>${cells.map(text => `<td>${escapeMarkup(text)}</td>`).join('')}</tr>`,
		)
		.join('')}</tbody></table></section>`;
}
