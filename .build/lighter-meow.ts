import {readFile} from 'node:fs/promises';
import type {Plugin} from 'esbuild';

/** A statement of meow's bundle that makes something which is used only if its name is. */
const lazily = /^((?:var|const) [\w$]+ = )((?:require[A-Z][\w$]*|getDefaultExportFromCjs)\()/gm;

/** A call without effect. */
const unused = /^promisify\(execFile\);$/m;

/**
 * Leaves out what meow does not use here. It comes as one file with all that it needs, which is made by calls; a bundler
 * has to think that they do more. Without this, reading a package.json, which is given to it, is a tenth of the program.
 */
export const lighterMeow: Plugin = {
	name: 'lighter-meow',
	setup({onLoad}) {
		onLoad({filter: /[\\/]meow[\\/]build[\\/]dependencies\.js$/}, async ({path}) => {
			const code = await readFile(path, 'utf8');
			if (code.search(lazily) < 0 || code.search(unused) < 0) {
				return {errors: [{text: `meow has changed: ${lazily} or ${unused} isn't in it any more`}]};
			}

			return {contents: code.replace(unused, '').replace(lazily, '$1/* @__PURE__ */ $2')};
		});
	},
};
