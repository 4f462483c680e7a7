import {targetName} from '../../api/target.ts';
import {statusClasses} from '../../metrics/snapshot.ts';
import {idleSuffix, shownActivity} from '../../state/selectors.ts';
import type {State} from '../../state/state.ts';
import {formatMoment, type Zone} from '../../text/clock-time.ts';
import {datedSentence, sinceWords} from '../../text/finding-sentence.ts';
import {spokenNumbers} from '../../text/finding-text.ts';
import {withNoun} from '../../text/format.ts';
import {sayCount, sayDuration, sayLatency, sayPercent, sayRate, sayShare} from '../../text/spoken-format.ts';
import {describeStatus, noFindingsWords} from '../../text/status-text.ts';
import {percentiles, type SamplerSummary, type StatusSummary} from './status-summary.ts';

/** Formats a clause, which can end with a quoted message and its period, as a sentence. */
export function sentence(clause: string): string {
	return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}${clause.endsWith('.') ? '' : '.'}`;
}

/** Describes the current state, one or two sentences per line, most important first. */
export function openingLines(state: State, summary: StatusSummary, zone: Zone): readonly string[] {
	const {snapshot, nowMs, window} = state.views.trainer;
	const {newestMs} = snapshot;
	const span = `The window is the last ${sayDuration(window.lengthMs).replace(/^1 /, '')}`;
	const newest =
		newestMs === undefined
			? `${span}, and it has no ${snapshot.dropped > 0 ? 'readable ' : ''}samples.`
			: `${span}. Its newest sample is from ${formatMoment(newestMs, nowMs, zone)}, ${ageWords(nowMs - newestMs)}.`;
	return [
		...identityLines(state, summary),
		...[...summary.facts.values()].map(sentence),
		...(summary.hasMetrics ? [] : ['The server has no metrics for this deployment now.']),
		newest,
		...(newestMs !== undefined && nowMs - newestMs > snapshot.newestLimitMs
			? ['That is past the stale limit, so the current values are unknown.']
			: []),
		...(newestMs === undefined ? [] : valueLines(summary)),
		...(shownActivity(state) === 'waiting'
			? ['The trainer is waiting for its client: all GPUs are idle, and no request is in progress.']
			: []),
		...(summary.sampler === undefined ? [] : [sentence(samplerWords(summary.sampler))]),
		...(state.findings.current.length === 0
			? [sentence(noFindingsWords(snapshot))]
			: findingLines(summary, nowMs, zone)),
		...[...summary.missing.values()].map(({clause}) => sentence(clause)),
		...listWithMore(summary.responseProblems, sentence),
		state.replay === undefined
			? `Changes follow. The server is polled every ${sayDuration(state.intervalMs)}.`
			: 'Changes follow.',
	];
}

function ageWords(ageMs: number): string {
	return ageMs < 0 ? `${sayDuration(-ageMs)} in the future` : `${sayDuration(ageMs)} ago`;
}

function identityLines({target, views}: State, {status}: StatusSummary): readonly string[] {
	const {deployment} = views.trainer;
	const {gpusPerNode, gpuType} = deployment?.instance ?? {};
	const model = deployment?.baseModel === undefined ? '' : `, model ${deployment.baseModel}`;
	const nodes = deployment?.nodeCount === undefined ? undefined : withNoun(deployment.nodeCount, 'node');
	const gpus = withNoun(gpusPerNode ?? 0, gpuType === undefined ? 'GPU' : `${gpuType} GPU`);
	return [
		`Deployment ${targetName(target)}${model}.`,
		...(status === undefined ? [] : [`The deployment ${describeStatus(status).clause}.`]),
		...(gpusPerNode === undefined
			? []
			: [
					nodes === undefined
						? `Each node has ${gpus}.`
						: `It has ${nodes} with ${gpus}${deployment?.nodeCount === 1 ? '' : ' each'}.`,
				]),
	];
}

function valueLines({volume, inProgress, latency, shares, gpus, nodes}: StatusSummary): readonly string[] {
	const latencies = percentiles.map(name => `${name} ${sayLatency(latency[name])}`);
	const classes = statusClasses.map(name => `${sayShare(shares?.[name])} ${name}`);
	const {lowest} = gpus;
	return [
		`Requests: ${sayRate(volume)}, ${sayCount(inProgress)} in progress.`,
		percentiles.every(name => latency[name] === undefined)
			? 'Latency is unknown.'
			: `Latency: ${latencies.join(', ')}.`,
		...(shares === undefined ? [] : [`Responses in the window: ${classes.join(', ')}.`]),
		...(gpus.all === 0 || (gpus.known === 0 && nodes.reporting === 0) ? [] : [sentence(busyWords(gpus))]),
		...(lowest === undefined ? [] : [`The least busy GPU is ${lowest.name} at ${sayPercent(lowest.utilization)}.`]),
		...(nodes.expected === 0 ? [] : [sentence(reportingWords(nodes))]),
	];
}

/** Describes the number of busy GPUs, in a clause. */
function busyWords({all, busy, known}: StatusSummary['gpus']): string {
	const unknown = known === all ? '' : `, ${all - known} unknown`;
	return `GPUs busy: ${busy} of ${all}${unknown}`;
}

/** Describes the number of reporting nodes, in a clause. */
export function reportingWords({reporting, expected}: StatusSummary['nodes']): string {
	return `nodes reporting: ${reporting} of ${expected}`;
}

/** Describes the sampler's values, in a clause. */
export function samplerWords({volume, inProgress, latency, outputTokens}: NonNullable<SamplerSummary>): string {
	const latencies = percentiles.map(name => `${name} ${sayLatency(latency[name])}`);
	const tokens = outputTokens === undefined ? '' : `, ${sayCount(outputTokens)} tokens per second`;
	return `the sampler: ${sayRate(volume)}, ${sayCount(inProgress)} in progress, latency ${latencies.join(', ')}${tokens}`;
}

function findingLines({findings, idle}: StatusSummary, nowMs: number, zone: Zone): readonly string[] {
	return listWithMore(findings.current, finding => {
		const clause = datedSentence(finding, sinceWords(finding, nowMs, zone), spokenNumbers) + idleSuffix(finding, idle);
		return sentence(finding.state === 'active' ? clause : `unknown now: ${clause}`);
	});
}

/** The maximum number of items that are listed per kind. */
const listedAtMost = 5;

/** Returns one sentence for each of the first `listedAtMost` items, and one that says how many more there are. */
export function listWithMore<Thing>(things: readonly Thing[], say: (thing: Thing) => string): readonly string[] {
	const more = things.length - listedAtMost;
	return [...things.slice(0, listedAtMost).map(say), ...(more > 0 ? [`And ${more} more.`] : [])];
}
