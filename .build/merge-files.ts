import path from 'node:path';
import {build, type Metafile} from 'esbuild';

/**
 * A file of the built program: its name in `dist`, its code, the files that it imports when it is loaded, the modules
 * of the sources and packages that it contains, and the entry points among them.
 */
export type BuiltFile = {
	readonly name: string;
	readonly text: string;
	readonly imports: readonly string[];
	readonly modules: readonly string[];
	readonly entryPoints: readonly string[];
};

/** The file that is started; it checks the version of Node.js before the others are loaded. */
const startFile = 'cli.js';

const live = ['source/app/watch.ts', 'source/tui/render.tsx'];

/**
 * The files that the live view loads one after another, and the entry points whose code goes into each. A file contains
 * only code that no earlier file contains, and if `isShared` is set, only code that other entry points also use.
 */
const mergedFiles: ReadonlyArray<{
	readonly name: string;
	readonly entryPoints: readonly string[];
	readonly isShared?: true;
}> = [
	{name: 'base.js', entryPoints: ['source/cli.ts']},
	{name: 'main.js', entryPoints: ['source/app/main.ts']},
	{name: 'shared.js', entryPoints: live, isShared: true},
	{name: 'live.js', entryPoints: live},
];

/**
 * Matches an import of a file, or an export of something from it, in esbuild's minified form. The groups are the names
 * (undefined if the file is only loaded) and the file.
 */
const clause = /(?:import|export)(?:\{([^}]*)\}from)?"\.\/([^"/]+)";?/g;

/**
 * Merges the files of a bundle that are always loaded together. esbuild creates a file for each set of entry points
 * that use the same code, and Node.js takes a millisecond to find and load each file.
 *
 * @param texts the files of the bundle, by name
 * @throws Error if esbuild writes imports in an unexpected form
 */
export async function mergeFiles(
	texts: ReadonlyMap<string, string>,
	{outputs}: Metafile,
): Promise<readonly BuiltFile[]> {
	const pieces = new Map(Object.entries(outputs).map(([file, output]) => [path.basename(file), output]));
	const places = placePieces(pieces);
	const placeOf = (name: string): string => places.get(name) ?? name;
	const newNames = nameExports(texts, pieces, placeOf);
	const adapt = (importer: string): string =>
		(texts.get(importer) ?? '').replaceAll(clause, (whole, list: string | undefined, piece: string) => {
			const place = placeOf(piece);
			const names = list?.split(',').map(item => {
				const [name = '', local = name] = item.split(' as ');
				return `${newNames.get(piece)?.get(name)} as ${local}`;
			});
			const from = names === undefined ? '' : `{${names.join(',')}}from`;
			return place === piece || place === placeOf(importer) ? whole : `${whole.slice(0, 6)}${from}"./${place}";`;
		});
	const contents = new Map<string, string>();
	for (const piece of new Set([...places.keys(), ...texts.keys()])) {
		const place = placeOf(piece);
		const hashbang = /^#!.*\n/.exec(texts.get(piece) ?? '')?.[0] ?? '';
		const names = [...(newNames.get(piece) ?? [])].map(([name, newName]) => `${name} as ${newName}`);
		const added = `export${place === piece ? '*' : `{${names.join(',')}}`}from"./${piece}";\n`;
		contents.set(place, `${hashbang}${contents.get(place) ?? ''}${added}`);
	}

	const {outputFiles} = await build({
		entryPoints: [...contents.keys()].map(name => ({in: name, out: path.parse(name).name})),
		outdir: 'dist',
		bundle: true,
		minify: true,
		platform: 'node',
		format: 'esm',
		target: 'node20',
		logLevel: 'warning',
		write: false,
		plugins: [
			{
				name: 'merged-files',
				setup({onResolve, onLoad}) {
					onResolve({filter: /./}, ({path: asked, importer, kind, namespace}) => {
						const piece = path.basename(asked);
						if (kind === 'entry-point') {
							return {path: asked, namespace: 'merged'};
						}

						if (kind === 'dynamic-import') {
							return {path: texts.has(piece) ? `./${placeOf(piece)}` : asked, external: true};
						}

						const place = namespace === 'merged' ? importer : placeOf(importer);
						const isTogether = texts.has(piece) && placeOf(piece) === place;
						return isTogether ? {path: piece, namespace: 'piece'} : {path: asked, external: true};
					});
					onLoad({filter: /./, namespace: 'merged'}, ({path: name}) => ({contents: contents.get(name) ?? ''}));
					onLoad({filter: /./, namespace: 'piece'}, ({path: piece}) => ({contents: adapt(piece)}));
				},
			},
		],
	});
	return outputFiles.map(file => {
		const name = path.basename(file.path);
		const text = mergeImports(file.text);
		const inside = [...texts.keys()].filter(piece => placeOf(piece) === name);
		return {
			name,
			text,
			imports: [...text.matchAll(clause)].map(([, , imported = '']) => imported),
			modules: inside.flatMap(piece => Object.keys(pieces.get(piece)?.inputs ?? {})),
			entryPoints: inside.flatMap(piece => pieces.get(piece)?.entryPoint ?? []),
		};
	});
}

type Outputs = ReadonlyMap<string, Metafile['outputs'][string]>;

/** Returns the new file of each piece that is merged, in the order in which the pieces are loaded. */
function placePieces(pieces: Outputs): ReadonlyMap<string, string> {
	const places = new Map<string, string>();
	const known = new Set(mergedFiles.flatMap(({entryPoints}) => entryPoints));
	const rest = [...pieces.values()].flatMap(({entryPoint = ''}) => (known.has(entryPoint) ? [] : [entryPoint]));
	const others = loadedBy(pieces, rest);
	for (const {name, entryPoints, isShared = false} of mergedFiles) {
		for (const piece of loadedBy(pieces, entryPoints)) {
			if (piece !== startFile && !places.has(piece) && (!isShared || others.has(piece))) {
				places.set(piece, name);
			}
		}
	}

	return places;
}

/**
 * Returns the pieces with these entry points and everything that they import, each after the pieces that it imports.
 */
function loadedBy(pieces: Outputs, entryPoints: readonly string[]): ReadonlySet<string> {
	const loaded = new Set<string>();
	const visited = new Set<string>();
	const visit = (piece: string): void => {
		const output = pieces.get(piece);
		if (output === undefined || visited.has(piece)) {
			return;
		}

		visited.add(piece);
		for (const {kind, path: imported} of output.imports) {
			if (kind === 'import-statement') {
				visit(path.basename(imported));
			}
		}

		loaded.add(piece);
	};
	for (const entryPoint of entryPoints) {
		visit([...pieces].find(([, output]) => output.entryPoint === entryPoint)?.[0] ?? '');
	}

	return loaded;
}

/**
 * Returns the new names of what the merged pieces export, by piece and old name. Exports of entry points keep their
 * names, because `import()` refers to them; exports that are used only in the same file are left out.
 */
function nameExports(
	texts: ReadonlyMap<string, string>,
	pieces: Outputs,
	placeOf: (name: string) => string,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
	const names = new Map<string, Map<string, string>>();
	let count = 0;
	const nameNext = (piece: string, name: string): void => {
		const known = names.get(piece) ?? new Map<string, string>();
		names.set(piece, known);
		if (!known.has(name)) {
			known.set(name, pieces.get(piece)?.entryPoint === undefined ? `$${(count++).toString(36)}` : name);
		}
	};
	for (const [piece, {entryPoint, exports}] of pieces) {
		if (entryPoint !== undefined && placeOf(piece) !== piece) {
			for (const name of exports) {
				nameNext(piece, name);
			}
		}
	}

	for (const [importer, text] of texts) {
		const clauses = [...text.matchAll(clause)];
		if (clauses.length !== text.split(/(?:from|import)"\.\//).length - 1) {
			throw new Error(`${importer} has an import that .build/merge-files.ts doesn't recognize.`);
		}

		for (const [, list = '', piece = ''] of clauses) {
			if (list !== '' && placeOf(piece) !== placeOf(importer) && placeOf(piece) !== piece) {
				for (const name of list.split(',')) {
					nameNext(piece, name.split(' as ')[0] ?? '');
				}
			}
		}
	}

	return names;
}

/** Merges imports of the same file into one. */
function mergeImports(text: string): string {
	const lists = new Map<string, string[]>();
	const rest = text.replaceAll(clause, (whole, list: string | undefined, file: string) => {
		if (whole.startsWith('export')) {
			return whole;
		}

		lists.set(file, [...(lists.get(file) ?? []), ...(list?.split(',') ?? [])]);
		return '';
	});
	const [hashbang = ''] = /^#!.*\n/.exec(rest) ?? [];
	const imports = [...lists].map(
		([file, list]) => `import${list.length === 0 ? '' : `{${list.join(',')}}from`}"./${file}";`,
	);
	return `${hashbang}${imports.join('')}${rest.slice(hashbang.length)}`;
}
