import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {Metafile} from 'esbuild';
import * as z from 'zod';

const manifestSchema = z.object({
	name: z.string(),
	version: z.string(),
	license: z.string().optional(),
});

const fileName = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** One license text of a package. */
type License = {readonly holder: string; readonly text: string};

function bundledFiles({outputs}: Metafile): readonly string[] {
	return Object.values(outputs).flatMap(output =>
		Object.entries(output.inputs).flatMap(([file, {bytesInOutput}]) => (bytesInOutput > 0 ? [file] : [])),
	);
}

/** Returns the folders of the bundled packages, such as `node_modules/ink`, relative to the root. */
export function bundledPackages(metafile: Metafile): readonly string[] {
	const folders = bundledFiles(metafile).flatMap(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
	return [...new Set(folders)].sort();
}

function licensesOf(root: string, folder: string): readonly License[] {
	const place = path.join(root, folder);
	const manifest = manifestSchema.parse(JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8')));
	const {name, version, license = 'see its text'} = manifest;
	const holder = `${name} ${version} (${license})`;
	const texts = readdirSync(place)
		.filter(file => fileName.test(file))
		.map(file => readFileSync(path.join(place, file), 'utf8'));
	return (texts.length === 0 ? [''] : texts).map(text => ({holder, text}));
}

/**
 * Returns the licenses that a package lists for its own bundled dependencies, as meow does in its file licenses.md: the
 * name, version, license, and text of each.
 */
export function readBundledLicenses(list: string): readonly License[] {
	return list.split(/^---$\s*(?=^Name: )/m).flatMap(part => {
		const [head = '', ...texts] = part.split(/^License Text:\s*===$/m);
		const [, name] = /^Name: (.+)$/m.exec(head) ?? [];
		const [, version] = /^Version: (.+)$/m.exec(head) ?? [];
		const [, license] = /^License: (.+)$/m.exec(head) ?? [];
		return name === undefined ? [] : [{holder: `${name} ${version} (${license})`, text: texts.join('')}];
	});
}

const title = /^(?:#+ )?(?:the )?(?:MIT|ISC) licen[cs]e(?: \((?:MIT|ISC)\))?\.?$/i;
const copyright = /^copyright (?:\(c\)|©|\d)/i;

/** The last line of the terms of the Apache License. The appendix that follows explains how to apply it to a work. */
const endOfTerms = 'END OF TERMS AND CONDITIONS';

/**
 * Joins licenses: identical license texts appear once, below the names and the copyright holders of their packages, and
 * identical copyright holders appear once, below the packages whose copyright they hold.
 */
export function joinLicenses(licenses: readonly License[]): string {
	const groups = new Map<string, {readonly holders: Map<string, Set<string>>; readonly text: string}>();
	for (const {holder, text} of licenses) {
		const lines = text.split(/\r?\n/).map(line => line.trim());
		const owners = lines.filter(line => copyright.test(line));
		const end = lines.indexOf(endOfTerms);
		const terms = end < 0 ? lines : lines.slice(0, end + 1);
		const rest = terms.filter(line => !copyright.test(line) && !title.test(line));
		const words = rest.join(' ').split(/\s+/).join(' ').trim();
		const group = groups.get(words) ?? {
			holders: new Map<string, Set<string>>(),
			text: rest
				.join('\n')
				.replace(/\n{3,}/g, '\n\n')
				.trim(),
		};
		const owned = owners.join('\n');
		group.holders.set(owned, (group.holders.get(owned) ?? new Set()).add(holder));
		groups.set(words, group);
	}

	const rule = `\n\n${'-'.repeat(80)}\n\n`;
	return [...groups.values()]
		.map(({holders, text}) => {
			const heads = [...holders].map(([owned, names]) => [...names, owned].join('\n').trimEnd());
			return [...heads, text].join('\n\n');
		})
		.join(rule);
}

/** Returns the license texts of all bundled packages, which must be distributed with the code. */
export function licensesText(root: string, metafile: Metafile): string {
	const own = bundledPackages(metafile).flatMap(folder => licensesOf(root, folder));
	const lists = new Set(bundledFiles(metafile).map(file => path.join(root, path.dirname(file), 'licenses.md')));
	const carried = [...lists].filter(existsSync).flatMap(list => readBundledLicenses(readFileSync(list, 'utf8')));
	return `loops-top contains these packages.\n\n${joinLicenses([...own, ...carried])}\n`;
}

/** Writes the license texts to `dist/THIRD-PARTY-LICENSES`. */
export function writeLicenses(root: string, metafile: Metafile): void {
	writeFileSync(path.join(root, 'dist', 'THIRD-PARTY-LICENSES'), licensesText(root, metafile));
}
