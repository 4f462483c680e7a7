import {usageError} from '../errors/usage-error.ts';
import {isUrl, parseTargetUrl, type UrlTarget} from './resource-url.ts';

const maximumLength = 200;

/**
 * Parses the id of a deployment or a run, without surrounding space. Any text is valid that is one segment of a URL
 * once encoded.
 *
 * @throws UserError for an invalid id
 */
export function parseId(text: string, kind: 'deployment' | 'run'): string {
	const id = text.trim();
	if (id === '') {
		throw usageError(`The ${kind} id is empty. Use one such as k4q95w5.`);
	}

	if (id.includes('/')) {
		throw usageError(`The ${kind} id has a slash in it. Use only the id, such as k4q95w5.`);
	}

	if (/[\s\p{Other}]/u.test(id)) {
		throw usageError(`The ${kind} id has a space or an invisible character in it. Use only the id, such as k4q95w5.`);
	}

	if (id.length > maximumLength) {
		throw usageError(`The ${kind} id is longer than ${maximumLength} characters. Use one such as k4q95w5.`);
	}

	// As a segment of a URL, these would name another route.
	if (id === '.' || id === '..') {
		throw usageError(`The ${kind} id is only dots. Use one such as k4q95w5.`);
	}

	return id;
}

/**
 * The deployment or run that a text names: by its id, or by a URL of Baseten that has it in it. `kind` is what an id is of.
 *
 * @throws UserError for what can't be an id, for a URL of another shape, and for that of a deployment if a run is wanted
 */
export function parseTarget(text: string, kind: 'deployment' | 'run'): UrlTarget {
	const trimmed = text.trim();
	if (!isUrl(trimmed)) {
		return {kind, id: parseId(trimmed, kind)};
	}

	const target = parseTargetUrl(trimmed);
	if (kind === 'run' && target.kind === 'deployment') {
		throw usageError('The URL given to --run is that of a deployment: leave out --run.');
	}

	return {kind: target.kind, id: parseId(target.id, target.kind)};
}
