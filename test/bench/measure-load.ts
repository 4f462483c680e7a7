import {bundleInMemory} from '../../.build/bundle.ts';
import type {BuiltFile} from '../../.build/merge-files.ts';

/**
 * The size of the loaded part of the built program: the number of files in `dist`, of source and package modules in
 * these files, and of bytes.
 */
export type LoadSize = {readonly files: number; readonly modules: number; readonly bytes: number};

/**
 * The modules that are loaded one after another, each with everything that it imports: before the first frame, and
 * before data is shown.
 */
const untilFirstFrame = ['source/cli.ts', 'source/app/main.ts'];
const untilData = [...untilFirstFrame, 'source/app/watch.ts', 'source/tui/render.tsx', 'source/api/send-request.ts'];

/**
 * Builds the program in memory, and measures how much of it is loaded before the first frame and before data is shown.
 */
export async function measureLoad(root: string): Promise<{readonly firstFrame: LoadSize; readonly data: LoadSize}> {
	const {files} = await bundleInMemory(root);
	return {firstFrame: loadSize(files, untilFirstFrame), data: loadSize(files, untilData)};
}

function loadSize(files: readonly BuiltFile[], entryPoints: readonly string[]): LoadSize {
	const loaded = new Set<BuiltFile>();
	const load = (isNeeded: (file: BuiltFile) => boolean, what: string): void => {
		const file = files.find(isNeeded);
		if (file === undefined) {
			throw new Error(`${what} isn't in any file`);
		}

		if (!loaded.has(file)) {
			loaded.add(file);
			for (const imported of file.imports) {
				load(({name}) => name === imported, imported);
			}
		}
	};
	for (const entryPoint of entryPoints) {
		load(file => file.entryPoints.includes(entryPoint), entryPoint);
	}

	return {
		files: loaded.size,
		modules: [...loaded].reduce((sum, {modules}) => sum + modules.length, 0),
		bytes: [...loaded].reduce((sum, {text}) => sum + Buffer.byteLength(text), 0),
	};
}
