import {usageError} from '../errors/user-error.ts';

/** The resource that a URL refers to. */
type UrlTarget = {readonly kind: 'deployment' | 'run'; readonly id: string};

/**
 * The paths of deployments and runs, on the website and in the API. In the first two forms, one more part can follow
 * the ID, such as the name of a tab.
 */
const shapes: ReadonlyArray<readonly [kind: UrlTarget['kind'], path: RegExp]> = [
	['deployment', /^(?:\/v1)?\/loops\/deployments?\/([^/]+)(?:\/[^/]*)?\/?$/],
	['run', /^(?:\/v1)?\/loops\/runs?\/([^/]+)(?:\/[^/]*)?\/?$/],
	['deployment', /^\/loops\/([^/]+)\/?$/],
];

/** The words in a path that are names of pages rather than IDs. */
const pages: ReadonlySet<string> = new Set([
	'deployments',
	'deployment',
	'runs',
	'run',
	'checkpoints',
	'new',
	'settings',
]);

/**
 * Returns whether a string is a URL rather than an ID: it contains `://`, or begins with a hostname that ends in
 * `baseten.co`.
 */
function isUrl(text: string): boolean {
	return text.includes('://') || /^[\w.-]*baseten\.co(?:\/|$)/i.test(text);
}

/**
 * Returns the resource that a Baseten URL, such as `https://app.baseten.co/loops/deployments/k4q95w5`, refers to. The
 * ID isn't validated.
 *
 * @throws UserError for a URL with another host or of another form
 */
function parseTargetUrl(text: string): UrlTarget {
	const url = toUrl(text);
	const isOurs = url !== undefined && /^https?:$/.test(url.protocol) && /(?:^|\.)baseten\.co$/i.test(url.hostname);
	for (const [kind, path] of isOurs ? shapes : []) {
		const id = decode(path.exec(url?.pathname ?? '')?.[1]);
		if (id !== undefined && !pages.has(id.toLowerCase())) {
			return {kind, id};
		}
	}

	throw usageError(`This URL doesn't identify a deployment or run. Use only the ID, such as k4q95w5.`);
}

function toUrl(text: string): URL | undefined {
	try {
		return new URL(text.includes('://') ? text : `https://${text}`);
	} catch {
		return undefined;
	}
}

function decode(part: string | undefined): string | undefined {
	try {
		return part === undefined ? undefined : decodeURIComponent(part);
	} catch {
		return undefined;
	}
}

const maxLength = 200;

/**
 * Parses the ID of a deployment or a run, without surrounding whitespace. Rejects `.`, `..`, an empty ID, one longer
 * than `maxLength`, and one that contains a slash or an invisible character. Only a run's ID can contain spaces.
 *
 * @throws UserError for an invalid ID
 */
function parseId(text: string, kind: 'deployment' | 'run'): string {
	const id = text.trim();
	if (id === '') {
		throw usageError(`The ${kind} ID is empty. Use one such as k4q95w5.`);
	}

	if (id.includes('/')) {
		throw usageError(`The ${kind} ID contains a slash. Use only the ID, such as k4q95w5.`);
	}

	// A run can be specified by its name, which can contain spaces.
	if ((kind === 'run' ? /[^\S ]|\p{Other}/u : /[\s\p{Other}]/u).test(id)) {
		throw usageError(`The ${kind} ID contains a space or an invisible character. Use only the ID, such as k4q95w5.`);
	}

	if (id.length > maxLength) {
		throw usageError(`The ${kind} ID is longer than ${maxLength} characters. Use one such as k4q95w5.`);
	}

	// As segments of a path, these would change the route of the request.
	if (id === '.' || id === '..') {
		throw usageError(`The ${kind} ID consists only of dots. Use one such as k4q95w5.`);
	}

	return id;
}

/**
 * Returns the deployment or run that a string (an ID, or a Baseten URL that contains one) refers to. `kind` is the kind
 * of resource that an ID without a URL refers to.
 *
 * @throws UserError for an invalid ID, for a URL of another form, and for a deployment's URL if a run is required
 */
export function parseTarget(text: string, kind: 'deployment' | 'run'): UrlTarget {
	const trimmed = text.trim();
	if (!isUrl(trimmed)) {
		return {kind, id: parseId(trimmed, kind)};
	}

	const target = parseTargetUrl(trimmed);
	if (kind === 'run' && target.kind === 'deployment') {
		throw usageError('The URL given to --run is for a deployment. Remove --run.');
	}

	return {kind: target.kind, id: parseId(target.id, target.kind)};
}
