import {sayCount, sayLatency, sayRate, sayShare} from '../../text/spoken-format.ts';
import {describeStatus} from '../../text/status-text.ts';
import {reportingWords, samplerWords} from './opening.ts';
import {percentiles, type RecentRange, type StatusSummary} from './status-summary.ts';

/**
 * A topic that can change. Changes that are too small to announce aren't stored, so that slow changes add up and are
 * announced eventually.
 */
type Topic = {
	/** Returns a clause that describes the change; undefined if the change isn't worth announcing. */
	readonly clause: (announced: StatusSummary, now: StatusSummary) => string | undefined;
	/** Returns the announced state afterward. */
	readonly note: (announced: StatusSummary, now: StatusSummary) => StatusSummary;
};

type Value = number | undefined;

/** Returns whether a value changed by a factor of at least 1.5 and by at least `least`, or became unknown or known. */
function differs(announced: Value, now: Value, least: number): boolean {
	if (announced === undefined || now === undefined) {
		return announced !== now;
	}

	const [low, high] = announced < now ? [announced, now] : [now, announced];
	return high - low >= least && high >= 1.5 * low;
}

/**
 * Returns whether a value has changed persistently: enough for `differs`, and in the same direction, in all samples
 * of the last ten minutes. A known value becomes unknown only if no sample from that time is known.
 */
function changed(announced: Value, now: Value, recent: RecentRange, least: number): boolean {
	if (recent === undefined || announced === undefined) {
		return (recent === undefined) !== (announced === undefined);
	}

	const {low, high} = recent;
	return (
		now !== undefined &&
		(low > announced || high < announced) &&
		differs(announced, low, least) &&
		differs(announced, high, least)
	);
}

/**
 * The smallest changes that are announced: in requests per second, in requests, in milliseconds, and as a fraction 0–1.
 */
const least = {volume: 0.5, inProgress: 5, latency: 50, share: 0.05} as const;

/** Describes a change: `rose from … to …`, `fell from … to …`, `is now unknown`, or `is … now`. */
function describeChange(announced: Value, now: Value, say: (value: Value) => string): string {
	if (now === undefined) {
		return 'is now unknown';
	}

	return announced === undefined
		? `is ${say(now)} now`
		: `${now > announced ? 'rose' : 'fell'} from ${say(announced)} to ${say(now)}`;
}

const status: Topic = {
	clause: (announced, now) =>
		now.status === undefined || announced.status === now.status
			? undefined
			: `the deployment ${describeStatus(now.status).clause}`,
	note: (announced, now) => ({...announced, status: now.status}),
};

const metrics: Topic = {
	clause(announced, now) {
		if (announced.hasMetrics === now.hasMetrics) {
			return undefined;
		}

		return now.hasMetrics
			? 'the server has metrics for this deployment again'
			: 'the server has no metrics for this deployment now';
	},
	note: (announced, {hasMetrics}) => ({...announced, hasMetrics}),
};

const volume: Topic = {
	clause: (announced, now) =>
		changed(announced.volume, now.volume, now.recent.volume, least.volume)
			? `the request rate ${describeChange(announced.volume, now.volume, sayRate)}`
			: undefined,
	note: (announced, now) => ({...announced, volume: now.volume}),
};

const inProgress: Topic = {
	clause: (announced, now) =>
		changed(announced.inProgress, now.inProgress, now.recent.inProgress, least.inProgress)
			? `the number of requests in progress ${describeChange(announced.inProgress, now.inProgress, sayCount)}`
			: undefined,
	note: (announced, now) => ({...announced, inProgress: now.inProgress}),
};

function changedLatencies(announced: StatusSummary, now: StatusSummary): readonly (typeof percentiles)[number][] {
	return percentiles.filter(name =>
		changed(announced.latency[name], now.latency[name], now.recent.latency[name], least.latency),
	);
}

const latency: Topic = {
	clause(announced, now) {
		const names = changedLatencies(announced, now);
		if (names.length === percentiles.length && names.every(name => now.latency[name] === undefined)) {
			return 'latency is now unknown';
		}

		const changes = names.map(
			name => `${name} ${describeChange(announced.latency[name], now.latency[name], sayLatency)}`,
		);
		return changes.length === 0 ? undefined : `latency: ${changes.join(', ')}`;
	},
	note(announced, now) {
		const names = changedLatencies(announced, now);
		const noted = percentiles.map(name => [name, (names.includes(name) ? now : announced).latency[name]] as const);
		return {...announced, latency: {...announced.latency, ...Object.fromEntries(noted)}};
	},
};

/** Creates a topic for the share of failed requests. Nothing is announced while it is unknown. */
function failed(name: '4xx' | '5xx'): Topic {
	return {
		clause(announced, now) {
			const [before, after] = [announced.shares?.[name], now.shares?.[name]];
			// Without requests, no share is known. The next known one is announced only if it is large enough.
			return after !== undefined && Math.abs(after - (before ?? 0)) >= least.share
				? `the share of requests that end with ${name} ${describeChange(before, after, sayShare)}`
				: undefined;
		},
		note: (announced, {shares}) => ({
			...announced,
			shares:
				announced.shares === undefined || shares === undefined ? shares : {...announced.shares, [name]: shares[name]},
		}),
	};
}

function recentlyBusyWords({gpus, recent}: StatusSummary): string {
	const unknown = recent.gpus.known < gpus.all ? `, ${gpus.all - recent.gpus.known} unknown` : '';
	return `GPUs busy in the last ten minutes: ${recent.gpus.busy} of ${gpus.all}${unknown}`;
}

/** The number of busy GPUs. GPUs that are idle while others work are announced as a finding. */
const busy: Topic = {
	clause: (announced, now) =>
		recentlyBusyWords(announced) === recentlyBusyWords(now) ? undefined : recentlyBusyWords(now),
	note: (announced, {gpus, recent}) => ({...announced, gpus, recent: {...announced.recent, gpus: recent.gpus}}),
};

const nodes: Topic = {
	clause: (announced, now) =>
		reportingWords(announced.nodes) === reportingWords(now.nodes) ? undefined : reportingWords(now.nodes),
	note: (announced, now) => ({...announced, nodes: now.nodes}),
};

/** The maximum number of problems that are announced at once; a malformed response can have any number. */
const maxProblems = 3;
const maxRemembered = 100;

const problems: Topic = {
	clause(announced, now) {
		const fresh = now.responseProblems.filter(problem => !announced.responseProblems.includes(problem));
		return fresh.length === 0 ? undefined : fresh.slice(0, maxProblems).join(', and ');
	},
	note: (announced, now) => ({
		...announced,
		responseProblems: [...new Set([...now.responseProblems, ...announced.responseProblems])].slice(0, maxRemembered),
	}),
};

const facts: Topic = {
	clause(announced, now) {
		const fresh = [...now.facts].filter(([about, clause]) => announced.facts.get(about) !== clause);
		return fresh.length === 0 ? undefined : fresh.map(([, clause]) => clause).join(', and ');
	},
	note: (announced, now) => ({...announced, facts: now.facts}),
};

const missing: Topic = {
	clause(announced, now) {
		const fresh = [...now.missing].filter(([part, {kind}]) => announced.missing.get(part)?.kind !== kind);
		return fresh.length === 0 ? undefined : fresh.map(([, {clause}]) => clause).join(', and ');
	},
	note: (announced, now) => ({...announced, missing: now.missing}),
};

/** The values of the sampler: all of them when they become known, and then only changes in the request rate. */
const sampler: Topic = {
	clause({sampler: announced}, {sampler: now}) {
		if (now === undefined || announced === undefined) {
			return announced === now
				? undefined
				: now === undefined
					? "the sampler's values are now unknown"
					: samplerWords(now);
		}

		return changed(announced.volume, now.volume, now.recent, least.volume)
			? `the sampler's request rate ${describeChange(announced.volume, now.volume, sayRate)}`
			: undefined;
	},
	note: (announced, now) => ({...announced, sampler: now.sampler}),
};

/** The topics, most important first. */
const topics: readonly Topic[] = [
	status,
	metrics,
	nodes,
	busy,
	volume,
	inProgress,
	latency,
	failed('5xx'),
	failed('4xx'),
	facts,
	sampler,
	missing,
	problems,
];

/** Returns the changes that are large enough to announce, as clauses, and the announced state afterward. */
export function changesOf(
	announced: StatusSummary,
	now: StatusSummary,
): {readonly clauses: readonly string[]; readonly announced: StatusSummary} {
	const clauses: string[] = [];
	let noted = announced;
	for (const {clause, note} of topics) {
		const words = clause(announced, now);
		if (words !== undefined) {
			clauses.push(words);
			noted = note(noted, now);
		}
	}

	return {clauses, announced: noted};
}
