import {cleanText} from '../../api/clean-text.ts';
import {profileNames} from '../../credentials/baseten-auth-file.ts';
import type {HostEnvironment} from '../../credentials/environment.ts';
import {remoteNames} from '../../credentials/trussrc.ts';
import {UserError} from '../../errors/user-error.ts';
import type {CompletionTopic} from '../printed-topic.ts';
import {bashScript} from './bash.ts';
import {fishScript} from './fish.ts';
import {zshScript} from './zsh.ts';

/** Returns what `loops-top completion` prints. */
export function completionText(topic: CompletionTopic, sources: HostEnvironment): string {
	switch (topic) {
		case 'bash':
			return bashScript();
		case 'zsh':
			return zshScript();
		case 'fish':
			return fishScript();
		case 'profiles':
			return namesText(() => profileNames(sources));
		case 'remotes':
			return namesText(() => remoteNames(sources));
	}
}

/**
 * Returns names on lines of their own, or nothing if they can't be read: an error message would break the completion.
 */
function namesText(read: () => readonly string[]): string {
	try {
		const names = read().filter(name => name !== '' && cleanText(name) === name);
		return names.map(name => `${name}\n`).join('');
	} catch (error) {
		if (error instanceof UserError) {
			return '';
		}

		throw error;
	}
}
