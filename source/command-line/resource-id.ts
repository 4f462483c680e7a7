import {usageError} from '../errors/usage-error.ts';

const maximumLength = 200;

/**
 * The id of a deployment or a run, without the space around it. An id may be anything that is one segment of a URL once encoded.
 *
 * @throws UserError for what can't be an id
 */
export function parseId(text: string, kind: 'deployment' | 'run'): string {
	const id = text.trim();
	if (id === '') {
		throw usageError(`The ${kind} id is empty: give one such as k4q95w5.`);
	}

	if (id.includes('://') || /^[\w.-]*baseten\.co(?:\/|$)/i.test(id)) {
		throw usageError(`A URL is given instead of a ${kind} id: give only the id in it, such as k4q95w5.`);
	}

	if (id.includes('/')) {
		throw usageError(`The ${kind} id has a slash in it: give only the id, such as k4q95w5.`);
	}

	if (/[\s\p{Other}]/u.test(id)) {
		throw usageError(`The ${kind} id has a space or an invisible character in it: give only the id, such as k4q95w5.`);
	}

	if (id.length > maximumLength) {
		throw usageError(`The ${kind} id is longer than ${maximumLength} characters: give one such as k4q95w5.`);
	}

	// As a segment of a URL these would name another route.
	if (id === '.' || id === '..') {
		throw usageError(`The ${kind} id is only dots: give one such as k4q95w5.`);
	}

	return id;
}
