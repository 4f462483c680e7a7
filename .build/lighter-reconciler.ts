import {readFile} from 'node:fs/promises';
import {type Plugin, transform} from 'esbuild';

/**
 * The beginning and the end of the file, which is a single function that takes the capabilities of a renderer and
 * returns the exports.
 */
const head = 'module.exports = function ($$$config) {';
const tail = '  return exports;\n};';

/**
 * The capabilities that React's reconciler checks for, and whether Ink's renderer has them: those that are missing
 * from ink/build/reconciler.js are false.
 */
export const abilities: Readonly<Record<string, boolean>> = {
	isPrimaryRenderer: true,
	supportsHydration: false,
	supportsMicrotasks: true,
	supportsMutation: true,
	supportsPersistence: false,
	supportsResources: false,
	supportsSingletons: false,
	supportsTestSelectors: false,
};

/** The functions of React's reconciler that Ink calls. */
const used: ReadonlySet<string> = new Set([
	'createContainer',
	'flushSyncWork',
	'injectIntoDevTools',
	'updateContainer',
	'updateContainerSync',
]);

/**
 * Returns the code of React's reconciler that a renderer like Ink's can reach. A bundler doesn't know the capabilities
 * of the renderer, and doesn't remove unused functions inside another function. The reconciler is an eighth of the
 * program.
 *
 * @throws Error if the code isn't in the expected form
 */
export async function reachableReconciler(code: string): Promise<string> {
	const start = code.indexOf(head);
	const end = code.indexOf(tail);
	if (start < 0 || end < start) {
		throw new Error(`react-reconciler has changed: it no longer contains ${head} or ${tail}`);
	}

	let body = code.slice(start + head.length, end);
	for (const [name, value] of Object.entries(abilities)) {
		const read = new RegExp(`(?<![.\\w$])${name}\\b(?!\\s*=[^=])`, 'g');
		if (!body.includes(`${name} = $$$config.${name}`) || !read.test(body)) {
			throw new Error(`react-reconciler has changed: it no longer reads ${name}`);
		}

		body = body.replace(read, String(value));
	}

	// At the top level of a module, esbuild removes unused code, including calls that are marked as pure.
	const asModule = body
		.replaceAll(/^ {2}exports\.(\w+) = /gm, (field, name: string) => (used.has(name) ? field : `var unused_${name} = `))
		.replaceAll(/= (\$\$\$config\.\w+)/g, '= /* @__PURE__ */ (() => $1)()');
	const {code: shaken} = await transform(`${asModule}\nexport {exports as default};`, {
		format: 'esm',
		treeShaking: true,
		minifySyntax: true,
		target: 'node20',
	});
	const kept = shaken
		.replace(/export \{\s*exports as default\s*\};?/, '')
		.replaceAll(/\/\* @__PURE__ \*\/ \(\(\) => (\$\$\$config\.\w+)\)\(\)/g, '$1');
	return `${code.slice(0, start)}${head}\n${kept}\n${code.slice(end)}`;
}

/** Removes the parts of React's reconciler that Ink can't reach. */
export const lighterReconciler: Plugin = {
	name: 'lighter-reconciler',
	setup({onLoad}) {
		const filter = /[\\/]react-reconciler[\\/]cjs[\\/]react-reconciler\.production\.js$/;
		onLoad({filter}, async ({path}) => ({contents: await reachableReconciler(await readFile(path, 'utf8'))}));
	},
};
