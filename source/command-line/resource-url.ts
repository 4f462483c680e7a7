import {usageError} from '../errors/usage-error.ts';

/** What a URL is of. */
export type UrlTarget = {readonly kind: 'deployment' | 'run'; readonly id: string};

/** Paths that name a deployment or a run, of the web page and of the API; what follows the id is a tab of its page. */
const shapes: ReadonlyArray<readonly [kind: UrlTarget['kind'], path: RegExp]> = [
	['deployment', /^(?:\/v1)?\/loops\/deployments?\/([^/]+)(?:\/[^/]*)?\/?$/],
	['run', /^(?:\/v1)?\/loops\/runs?\/([^/]+)(?:\/[^/]*)?\/?$/],
	['deployment', /^\/loops\/([^/]+)\/?$/],
];

/** Words in a path that are the name of a page. */
const pages: ReadonlySet<string> = new Set([
	'deployments',
	'deployment',
	'runs',
	'run',
	'checkpoints',
	'new',
	'settings',
]);

/** Whether a text is an address, with or without `https://`, rather than an id. */
export function isUrl(text: string): boolean {
	return text.includes('://') || /^[\w.-]*baseten\.co(?:\/|$)/i.test(text);
}

/**
 * Returns what a URL of Baseten, such as `https://app.baseten.co/loops/deployments/k4q95w5`, is of. The id isn't checked.
 *
 * @throws UserError for a URL of another host or of another shape
 */
export function parseTargetUrl(text: string): UrlTarget {
	const url = toUrl(text);
	const isOurs = url !== undefined && /^https?:$/.test(url.protocol) && /(?:^|\.)baseten\.co$/i.test(url.hostname);
	for (const [kind, path] of isOurs ? shapes : []) {
		const id = decode(path.exec(url?.pathname ?? '')?.[1]);
		if (id !== undefined && !pages.has(id.toLowerCase())) {
			return {kind, id};
		}
	}

	throw usageError(`This URL doesn't say which deployment or run it is of: give the id alone, such as k4q95w5.`);
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
