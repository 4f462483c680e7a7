import {usageError} from '../errors/usage-error.ts';

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

	if (id.includes('://') || /^[\w.-]*baseten\.co(?:\/|$)/i.test(id)) {
		throw usageError(`A URL isn't a ${kind} id. Use only the id in it, such as k4q95w5.`);
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
