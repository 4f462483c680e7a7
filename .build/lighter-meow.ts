import {readFile} from 'node:fs/promises';
import type {Plugin} from 'esbuild';

/** A statement of meow's bundle whose result is used only if its name is used. */
const lazily = /^((?:var|const) [\w$]+ = )((?:require[A-Z][\w$]*|getDefaultExportFromCjs)\()/gm;

/** A call without side effects. */
const unused = /^promisify\(execFile\);$/m;

/**
 * Omits the parts of meow that aren't used here. meow is a single file with all its dependencies, which are created by
 * calls that a bundler can't recognize as pure. Without this, reading a package.json, which is passed to meow anyway,
 * would be a tenth of the program.
 */
export const lighterMeow: Plugin = {
	name: 'lighter-meow',
	setup({onLoad}) {
		onLoad({filter: /[\\/]meow[\\/]build[\\/]dependencies\.js$/}, async ({path}) => {
			const code = await readFile(path, 'utf8');
			if (code.search(lazily) < 0 || code.search(unused) < 0) {
				return {errors: [{text: `meow has changed: it no longer contains ${lazily} or ${unused}`}]};
			}

			return {contents: code.replace(unused, '').replace(lazily, '$1/* @__PURE__ */ $2')};
		});
	},
};
