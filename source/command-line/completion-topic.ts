import {usageError} from '../errors/usage-error.ts';
import type {Arguments} from './arguments.ts';
import {parseName} from './parse-value.ts';

/** The shells that there is a script for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** What those scripts ask for. */
const stored = ['profiles', 'remotes'] as const;

/** What `loops-top completion` prints: a script, or names for it. */
export type CompletionTopic = (typeof shells)[number] | (typeof stored)[number];

/**
 * The topic, where there are two words and the first is `completion`. Alone it is a deployment like any other: there is no
 * other way to name two of them.
 *
 * @throws UserError for a topic that there isn't
 */
export function readCompletionTopic({deploymentIds}: Arguments): CompletionTopic | undefined {
	const [command, word, ...others] = deploymentIds;
	if (command !== 'completion' || word === undefined || others.length > 0) {
		return undefined;
	}

	const parsed = parseName(word, [...shells, ...stored]);
	if ('mistake' in parsed) {
		throw usageError(`completion ${parsed.mistake}`);
	}

	return parsed.value;
}
