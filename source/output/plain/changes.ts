import {sayCount, sayLatency, sayRate, sayShare} from '../../text/spoken-format.ts';
import {describeStatus} from '../../text/status-text.ts';
import {reportingWords, samplerWords} from './opening.ts';
import {percentiles, type Recent, type StatusSummary} from './status-summary.ts';

/**
 * A topic that can change. Changes that are too small to announce aren't stored, so that slow changes add up and are
 * announced.
 */
type Topic = {
	/** Describes the change in a clause; undefined if it isn't worth announcing. */
	readonly clause: (said: StatusSummary, now: StatusSummary) => string | undefined;
	/** Returns the announced state afterward. */
	readonly note: (said: StatusSummary, now: StatusSummary) => StatusSummary;
};

type Value = number | undefined;

/** Returns whether a value changed by at least half and by at least `least`, became unknown, or became known. */
function differs(said: Value, now: Value, least: number): boolean {
	if (said === undefined || now === undefined) {
		return said !== now;
	}

	const [low, high] = said < now ? [said, now] : [now, said];
	return high - low >= least && high >= 1.5 * low;
}

/**
 * Whether a value has changed persistently: by that much, in the same direction, in all samples of the last ten
 * minutes. A known value becomes unknown only if no sample of that time is known.
 */
function changed(said: Value, now: Value, recent: Recent, least: number): boolean {
	if (recent === undefined || said === undefined) {
		return (recent === undefined) !== (said === undefined);
	}

	const {low, high} = recent;
	return now !== undefined && (low > said || high < said) && differs(said, low, least) && differs(said, high, least);
}

/** The smallest changes that are announced: per second, requests, milliseconds, and fractions 0–1. */
const least = {volume: 0.5, inProgress: 5, latency: 50, share: 0.05} as const;

/** Describes a change: `rose from … to …`, `is unknown now`, or `is …`. */
function courseWords(said: Value, now: Value, say: (value: Value) => string): string {
	if (now === undefined) {
		return 'is unknown now';
	}

	return said === undefined ? `is ${say(now)} now` : `${now > said ? 'rose' : 'fell'} from ${say(said)} to ${say(now)}`;
}

const status: Topic = {
	clause: (said, now) =>
		now.status === undefined || said.status === now.status
			? undefined
			: `the deployment ${describeStatus(now.status).clause}`,
	note: (said, now) => ({...said, status: now.status}),
};

const metrics: Topic = {
	clause(said, now) {
		if (said.hasMetrics === now.hasMetrics) {
			return undefined;
		}

		return now.hasMetrics
			? 'the server has metrics for this deployment again'
			: 'the server has no metrics for this deployment now';
	},
	note: (said, {hasMetrics}) => ({...said, hasMetrics}),
};

const volume: Topic = {
	clause: (said, now) =>
		changed(said.volume, now.volume, now.recent.volume, least.volume)
			? `the rate of requests ${courseWords(said.volume, now.volume, sayRate)}`
			: undefined,
	note: (said, now) => ({...said, volume: now.volume}),
};

const inProgress: Topic = {
	clause: (said, now) =>
		changed(said.inProgress, now.inProgress, now.recent.inProgress, least.inProgress)
			? `the number of requests in progress ${courseWords(said.inProgress, now.inProgress, sayCount)}`
			: undefined,
	note: (said, now) => ({...said, inProgress: now.inProgress}),
};

function changedLatencies(said: StatusSummary, now: StatusSummary): readonly (typeof percentiles)[number][] {
	return percentiles.filter(name =>
		changed(said.latency[name], now.latency[name], now.recent.latency[name], least.latency),
	);
}

const latency: Topic = {
	clause(said, now) {
		const names = changedLatencies(said, now);
		if (names.length === percentiles.length && names.every(name => now.latency[name] === undefined)) {
			return 'latency is unknown now';
		}

		const courses = names.map(name => `${name} ${courseWords(said.latency[name], now.latency[name], sayLatency)}`);
		return courses.length === 0 ? undefined : `latency: ${courses.join(', ')}`;
	},
	note(said, now) {
		const names = changedLatencies(said, now);
		const noted = percentiles.map(name => [name, (names.includes(name) ? now : said).latency[name]] as const);
		return {...said, latency: {...said.latency, ...Object.fromEntries(noted)}};
	},
};

/** The share of failed requests. Without requests, none fail. */
function failed(name: '4xx' | '5xx'): Topic {
	return {
		clause(said, now) {
			const [before, after] = [said.shares?.[name], now.shares?.[name]];
			return before !== undefined && after !== undefined && Math.abs(after - before) >= least.share
				? `the share of requests that end with ${name} ${courseWords(before, after, sayShare)}`
				: undefined;
		},
		note: (said, {shares}) => ({
			...said,
			shares: said.shares === undefined || shares === undefined ? shares : {...said.shares, [name]: shares[name]},
		}),
	};
}

function recentlyBusyWords({gpus, recent}: StatusSummary): string {
	const unknown = recent.gpus.known < gpus.all ? `, ${gpus.all - recent.gpus.known} unknown` : '';
	return `GPUs busy in the last ten minutes: ${recent.gpus.busy} of ${gpus.all}${unknown}`;
}

/** A rule finds GPUs that are idle while others work, so only the number of busy GPUs is announced here. */
const busy: Topic = {
	clause: (said, now) => (recentlyBusyWords(said) === recentlyBusyWords(now) ? undefined : recentlyBusyWords(now)),
	note: (said, {gpus, recent}) => ({...said, gpus, recent: {...said.recent, gpus: recent.gpus}}),
};

const nodes: Topic = {
	clause: (said, now) =>
		reportingWords(said.nodes) === reportingWords(now.nodes) ? undefined : reportingWords(now.nodes),
	note: (said, now) => ({...said, nodes: now.nodes}),
};

/** The maximum number of problems that are announced at once; a malformed response can have any number. */
const mostOddities = 3;
const mostRemembered = 100;

const problems: Topic = {
	clause(said, now) {
		const fresh = now.responseProblems.filter(problem => !said.responseProblems.includes(problem));
		return fresh.length === 0 ? undefined : fresh.slice(0, mostOddities).join(', and ');
	},
	note: (said, now) => ({
		...said,
		responseProblems: [...new Set([...now.responseProblems, ...said.responseProblems])].slice(0, mostRemembered),
	}),
};

const facts: Topic = {
	clause(said, now) {
		const fresh = [...now.facts].filter(([about, clause]) => said.facts.get(about) !== clause);
		return fresh.length === 0 ? undefined : fresh.map(([, clause]) => clause).join(', and ');
	},
	note: (said, now) => ({...said, facts: now.facts}),
};

/** All percentiles when they become known, and then the rate. */
const sampler: Topic = {
	clause({sampler: said}, {sampler: now}) {
		if (now === undefined || said === undefined) {
			return said === now ? undefined : now === undefined ? "the sampler's values are unknown now" : samplerWords(now);
		}

		return changed(said.volume, now.volume, now.recent, least.volume)
			? `the sampler's rate of requests ${courseWords(said.volume, now.volume, sayRate)}`
			: undefined;
	},
	note: (said, now) => ({...said, sampler: now.sampler}),
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
	problems,
];

/** Returns the changes that are large enough to announce, in clauses, and the announced state afterward. */
export function changesOf(
	said: StatusSummary,
	now: StatusSummary,
): {readonly clauses: readonly string[]; readonly said: StatusSummary} {
	const clauses: string[] = [];
	let noted = said;
	for (const {clause, note} of topics) {
		const words = clause(said, now);
		if (words !== undefined) {
			clauses.push(words);
			noted = note(noted, now);
		}
	}

	return {clauses, said: noted};
}
