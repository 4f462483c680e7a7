import {readFile} from 'node:fs/promises';
import type {Plugin} from 'esbuild';

/** Matches a statement in meow's bundle that is needed only if the name that it defines is used. */
const lazily = /^((?:var|const) [\w$]+ = )((?:require[A-Z][\w$]*|getDefaultExportFromCjs)\()/gm;

/** Matches a call that has no side effects and whose result isn't used. */
const unused = /^promisify\(execFile\);$/m;

/**
 * Matches the creation of a cache that keeps at most 100,000 names of options. The program has far fewer options, so a
 * Map is enough. The two copies of the cache's class are then unused.
 */
const caches = /new QuickLRU(?:\$1)?\(\{maxSize: 100_000\}\)/g;

/** The computed name of a method in one of these classes. Because of it, a bundler would keep the unused class. */
const computedName = "[Symbol.for('nodejs.util.inspect.custom')]()";

/**
 * Omits the parts of meow that aren't used here. meow is a single file with all its dependencies, which are created by
 * calls that a bundler can't recognize as pure. Without this plugin, the code that reads a package.json would be a
 * tenth of the program, although meow never has to read one here.
 */
export const lighterMeow: Plugin = {
	name: 'lighter-meow',
	setup({onLoad}) {
		onLoad({filter: /[\\/]meow[\\/]build[\\/]dependencies\.js$/}, async ({path}) => {
			const code = await readFile(path, 'utf8');
			const hasAll =
				code.search(lazily) >= 0 &&
				code.search(unused) >= 0 &&
				code.match(caches)?.length === 2 &&
				code.split(computedName).length === 2;
			if (!hasAll) {
				const expected = `${lazily}, ${unused}, two of ${caches}, and one of ${computedName}`;
				return {errors: [{text: `meow has changed: it no longer contains all of ${expected}`}]};
			}

			return {
				contents: code
					.replace(unused, '')
					.replace(lazily, '$1/* @__PURE__ */ $2')
					.replace(caches, 'new Map()')
					.replace(computedName, 'inspect()'),
			};
		});
	},
};
