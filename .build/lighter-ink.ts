import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {Plugin} from 'esbuild';

const kept = path.join(import.meta.dirname, 'lighter', 'kept-caches.ts');

/** What Ink makes anew for each frame, and what takes its place. */
const changes = [
	[/caches = new OutputCaches\(\);/, 'caches = keepCaches(new OutputCaches());'],
	[/row\.push\(\{\s*type: 'char',\s*value: ' ',\s*fullWidth: false,\s*styles: \[\],\s*\}\);/, 'row.push(blank);'],
] as const;

/** Lets Ink keep from frame to frame what it knows of texts, and share a blank cell (test/bench/ink/costs.md, 2 and 3). */
export const lighterInk: Plugin = {
	name: 'lighter-ink',
	setup({onLoad}) {
		onLoad({filter: /[\\/]ink[\\/]build[\\/]output\.js$/}, async ({path: file}) => {
			let contents = `import {blank, keepCaches} from ${JSON.stringify(kept)};\n${await readFile(file, 'utf8')}`;
			for (const [made, instead] of changes) {
				if (!made.test(contents)) {
					return {errors: [{text: `Ink has changed: ${made} is not in it any more`}]};
				}

				contents = contents.replace(made, instead);
			}

			return {contents};
		});
	},
};
