import {readFile} from 'node:fs/promises';
import type {Plugin} from 'esbuild';

/**
 * What Ink's renderer can and can't do, as the host configuration in ink/build/reconciler.js has it; what isn't in that file
 * is undefined there, which is false.
 */
export const abilities: Readonly<Record<string, boolean>> = {
	supportsHydration: false,
	supportsMutation: true,
	supportsPersistence: false,
	supportsResources: false,
	supportsSingletons: false,
	supportsTestSelectors: false,
};

/**
 * Leaves out the parts of React's reconciler that no renderer like Ink's reaches: hydration, persistent trees, resources,
 * singletons, and test selectors. The reconciler reads these abilities from its host configuration once it is called, so that
 * a bundler can't know them.
 */
export const lighterReconciler: Plugin = {
	name: 'lighter-reconciler',
	setup({onLoad}) {
		onLoad({filter: /[\\/]react-reconciler[\\/]cjs[\\/]react-reconciler\.production\.js$/}, async ({path}) => {
			let contents = await readFile(path, 'utf8');
			for (const [name, value] of Object.entries(abilities)) {
				const uses = new RegExp(`(?<![.\\w$])${name}\\b(?! = \\$\\$\\$config)`, 'g');
				if (contents.search(uses) < 0 || !contents.includes(`${name} = $$$config.${name}`)) {
					return {errors: [{text: `react-reconciler has changed: it doesn't ask for ${name} any more`}]};
				}

				contents = contents.replace(uses, String(value));
			}

			return {contents};
		});
	},
};
