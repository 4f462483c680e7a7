import {usageError} from '../errors/user-error.ts';
import type {Arguments} from './arguments.ts';
import {parseName} from './parse-value.ts';

/** The shells that completion scripts exist for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** Lists of names that the scripts request. */
const stored = ['profiles', 'remotes'] as const;

/** What `loops-top completion` prints: a script, or names for one. */
export type CompletionTopic = (typeof shells)[number] | (typeof stored)[number];

/**
 * Returns the topic if there are words after a first `completion`. Alone, `completion` is a deployment id.
 *
 * @throws UserError for an unknown topic, and for more than one
 */
export function readCompletionTopic({deploymentIds}: Arguments): CompletionTopic | undefined {
	const [command, word, ...others] = deploymentIds;
	if (command !== 'completion' || word === undefined) {
		return undefined;
	}

	if (others.length > 0) {
		throw usageError('completion takes one shell: print one script at a time.');
	}

	const parsed = parseName(word, [...shells, ...stored]);
	if ('mistake' in parsed) {
		throw usageError(`completion ${parsed.mistake}`);
	}

	return parsed.value;
}

/** Two words in place of a deployment id, which print a file for another program. */
const topics = {
	prometheus: ['rules'],
	grafana: ['dashboard'],
} as const;

/** A file for another program: alerts for Prometheus, a dashboard for Grafana. */
export type PrintedTopic = 'prometheus-rules' | 'grafana-dashboard';

/**
 * Returns what `loops-top prometheus rules` and `loops-top grafana dashboard` print. Alone, the first word is a deployment id.
 *
 * @throws UserError for an unknown second word, and for more than two
 */
export function readPrintedTopic({deploymentIds}: Arguments): PrintedTopic | undefined {
	const [program, word, ...others] = deploymentIds;
	if ((program !== 'prometheus' && program !== 'grafana') || word === undefined) {
		return undefined;
	}

	if (others.length > 0) {
		throw usageError(`${program} takes one word: ${topics[program].join(', ')}.`);
	}

	const parsed = parseName(word, topics[program]);
	if ('mistake' in parsed) {
		throw usageError(`${program} ${parsed.mistake}`);
	}

	return program === 'prometheus' ? 'prometheus-rules' : 'grafana-dashboard';
}
