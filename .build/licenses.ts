import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {Metafile} from 'esbuild';
import * as z from 'zod';

const manifestSchema = z.object({
	name: z.string(),
	version: z.string(),
	license: z.string().optional(),
});

const fileName = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** The folders of the packages that a bundle is made of, such as `node_modules/ink`, from the root. */
export function bundledPackages({outputs}: Metafile): readonly string[] {
	const inputs = Object.values(outputs).flatMap(output =>
		Object.entries(output.inputs).flatMap(([file, {bytesInOutput}]) => (bytesInOutput > 0 ? [file] : [])),
	);
	const folders = inputs.flatMap(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
	return [...new Set(folders)].sort();
}

function describe(root: string, folder: string): string {
	const place = path.join(root, folder);
	const manifest = manifestSchema.parse(JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8')));
	const texts = readdirSync(place)
		.filter(name => fileName.test(name))
		.map(name => readFileSync(path.join(place, name), 'utf8').trim());
	const {name, version, license = 'see its text'} = manifest;
	return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

/** Writes the licences of all that is bundled to `dist/THIRD-PARTY-LICENSES`: they ask to go where the code goes. */
export function writeLicenses(root: string, metafile: Metafile): void {
	const rule = `\n\n${'-'.repeat(80)}\n\n`;
	const head = 'loops-top contains these packages.';
	const texts = bundledPackages(metafile).map(folder => describe(root, folder));
	writeFileSync(path.join(root, 'dist', 'THIRD-PARTY-LICENSES'), `${[head, ...texts].join(rule)}\n`);
}
