import {readFile} from 'node:fs/promises';
import {type Plugin, transform} from 'esbuild';

/** The whole file is one function of what a renderer can do, which returns what it exports. */
const head = 'module.exports = function ($$$config) {';
const tail = '  return exports;\n};';

/** What Ink's renderer can do: see the end of ink/build/reconciler.js. What it doesn't mention it can't. */
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

/** What Ink calls of React's reconciler. */
const used: ReadonlySet<string> = new Set([
	'createContainer',
	'flushSyncWork',
	'injectIntoDevTools',
	'updateContainer',
	'updateContainerSync',
]);

/**
 * Returns the code of React's reconciler with only what a renderer like Ink's can reach: a bundler doesn't know what the renderer can
 * do, and keeps every function within a function. It is an eighth of the program.
 *
 * @throws Error if the code isn't of the expected form
 */
export async function reachableReconciler(code: string): Promise<string> {
	const start = code.indexOf(head);
	const end = code.indexOf(tail);
	if (start < 0 || end < start) {
		throw new Error(`react-reconciler has changed: ${head} or ${tail} isn't in it any more`);
	}

	let body = code.slice(start + head.length, end);
	for (const [name, value] of Object.entries(abilities)) {
		const read = new RegExp(`(?<![.\\w$])${name}\\b(?!\\s*=[^=])`, 'g');
		if (!body.includes(`${name} = $$$config.${name}`) || !read.test(body)) {
			throw new Error(`react-reconciler has changed: it doesn't read ${name} any more`);
		}

		body = body.replace(read, String(value));
	}

	// As a module, what nothing uses is left out, and so is a field of the renderer that nothing uses.
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

/** Leaves out of React's reconciler what Ink can't reach. */
export const lighterReconciler: Plugin = {
	name: 'lighter-reconciler',
	setup({onLoad}) {
		const filter = /[\\/]react-reconciler[\\/]cjs[\\/]react-reconciler\.production\.js$/;
		onLoad({filter}, async ({path}) => ({contents: await reachableReconciler(await readFile(path, 'utf8'))}));
	},
};
