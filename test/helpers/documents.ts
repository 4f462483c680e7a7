import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

/** A page written for users: README.md or one of docs/*.md. */
export type Document = {
	/** The path relative to the root of the repository, with forward slashes. */
	readonly name: string;
	/** The absolute path. */
	readonly file: string;
	readonly text: string;
};

export const root = path.join(import.meta.dirname, '..', '..');

/** Returns README.md, and then the pages of docs/ in alphabetical order, as they are on disk. */
export function readDocuments(): readonly Document[] {
	const pages = readdirSync(path.join(root, 'docs'))
		.filter(name => name.endsWith('.md'))
		.sort()
		.map(name => `docs/${name}`);
	return ['README.md', ...pages].map(name => {
		const file = path.join(root, ...name.split('/'));
		return {name, file, text: readFileSync(file, 'utf8')};
	});
}

/**
 * Returns the page with the generated block that begins with `<!-- BLOCK -->`. Throws if no page, or more than one, has
 * this block.
 */
export function documentWith(block: string): Document {
	const [found, ...others] = readDocuments().filter(({text}) => text.includes(`<!-- ${block} -->\n`));
	if (found === undefined || others.length > 0) {
		throw new Error(`<!-- ${block} --> is on ${others.length === 0 ? 'no page' : 'more than one page'}`);
	}

	return found;
}

/** Returns the lines of every ```sh block of these pages, each of which is a command. */
export function commandsIn(documents: readonly Document[]): readonly string[] {
	return documents.flatMap(({text}) =>
		[...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block]) => (block ?? '').trim().split('\n')),
	);
}

/** Returns the anchors of headings: `## Exit codes` becomes `exit-codes`, as on GitHub. */
export function anchorsOf({text}: Document): readonly string[] {
	return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
		(title ?? '')
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}

/** Returns the targets of links and pictures in a page, excluding those on other hosts. */
export function linksOf({text}: Document): readonly string[] {
	return [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
		.map(([, link, source]) => link ?? source ?? '')
		.filter(link => !/^[a-z]+:/.test(link));
}
