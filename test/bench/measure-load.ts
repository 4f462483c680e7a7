import {build, type Metafile} from 'esbuild';
import {bundleOptions} from '../../.build/bundle.ts';

/**
 * The loaded part of the built program: files in `dist`, modules from the sources and packages in these files, and
 * bytes.
 */
export type LoadSize = {readonly files: number; readonly modules: number; readonly bytes: number};

/**
 * The modules that are loaded one after another, each with everything that it imports: before the first frame, and
 * before data is shown.
 */
const untilFirstFrame = ['source/cli.ts', 'source/app/main.ts'];
const untilData = [...untilFirstFrame, 'source/app/watch.ts', 'source/tui/render.tsx'];

/** Bundles the program without writing it, and measures how much of it is loaded before the first frame. */
export async function measureLoad(root: string): Promise<{readonly firstFrame: LoadSize; readonly data: LoadSize}> {
	const {metafile} = await build({...bundleOptions(root), write: false});
	return {firstFrame: loadSize(metafile, untilFirstFrame), data: loadSize(metafile, untilData)};
}

function loadSize({outputs}: Metafile, entries: readonly string[]): LoadSize {
	const found = new Set<string>();
	const add = (file: string): void => {
		const output = outputs[file];
		if (output === undefined || found.has(file)) {
			return;
		}

		found.add(file);
		for (const imported of output.imports) {
			if (imported.kind === 'import-statement' && imported.external !== true) {
				add(imported.path);
			}
		}
	};
	for (const entry of entries) {
		const [file] = Object.entries(outputs).find(([, {entryPoint}]) => entryPoint === entry) ?? [];
		if (file === undefined) {
			throw new Error(`${entry} is in no file of its own`);
		}

		add(file);
	}

	const loaded = [...found].flatMap(file => outputs[file] ?? []);
	return {
		files: loaded.length,
		modules: loaded.reduce((sum, {inputs}) => sum + Object.keys(inputs).length, 0),
		bytes: loaded.reduce((sum, {bytes}) => sum + bytes, 0),
	};
}
