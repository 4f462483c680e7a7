import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {type BuildOptions, build, type Metafile, type Plugin} from 'esbuild';
import {lighterInk, segmenterImport} from './lighter-ink.ts';
import {lighterMeow} from './lighter-meow.ts';
import {lighterReconciler} from './lighter-reconciler.ts';
import {type BuiltFile, mergeFiles} from './merge-files.ts';
import {checkPatchedFiles} from './patched-files.ts';

/**
 * The replacements for modules of bundled packages: if a file matching `importer` imports a module by a name matching
 * `filter`, `file` replaces the module. The replacement itself can still import the original.
 */
const replacements = [
	{filter: /^string-width$/, importer: /./, file: 'string-width.ts'},
	{filter: /^\.\/log-update\.js$/, importer: /\/ink\/build\//, file: 'screen-writer.ts'},
	{filter: /^\.\/output\.js$/, importer: /\/ink\/build\/renderer\.js$/, file: 'row-output.ts'},
	{filter: /^\.\/wrap-text\.js$/, importer: /\/ink\/build\//, file: 'unwrapped-text.ts'},
	{filter: /^\.\/measure-text\.js$/, importer: /\/ink\/build\//, file: 'measured-text.ts'},
	{filter: /^\.\/devtools\.js$/, importer: /\/ink\/build\//, file: 'nothing.ts'},
	// In the bundle, ansi-tokenize uses chalk's copy of ansi-styles, to which chalk has added underline styles.
	{
		filter: /^ansi-styles$/,
		importer: /\/ansi-tokenize\//,
		file: '../../node_modules/chalk/source/vendor/ansi-styles/index.js',
	},
	{filter: /^wrap-ansi$/, importer: /\/ink\/build\//, file: 'unwrapped-text.ts'},
	{filter: /^\.\.\/(?:input-parser|parse-keypress)\.js$/, importer: /\/ink\/build\//, file: 'no-input.ts'},
	{filter: /^\.\/render-(?:border|background)\.js$/, importer: /\/ink\/build\//, file: 'nothing.ts'},
	{filter: /^\.\/ErrorOverview\.js$/, importer: /\/ink\/build\/components\//, file: 'nothing.ts'},
	{filter: /^yoga-layout$/, importer: /\/ink\/build\//, file: 'fixed-layout.ts'},
	{filter: /^\.\/styles\.js$/, importer: /\/ink\/build\/reconciler\.js$/, file: 'fixed-styles.ts'},
	{filter: /^#supports-color$/, importer: /\/chalk\/source\//, file: 'no-colors.ts'},
	{filter: /^cli-spinners$/, importer: /\/ink-spinner\//, file: 'spinners.ts'},
	{filter: /^\.\/dependencies\.js$/, importer: /\/meow\/build\/options\.js$/, file: 'package-reading.ts'},
];

const lighterPackages: Plugin = {
	name: 'lighter-packages',
	setup({onResolve}) {
		for (const {filter, importer: asking, file} of replacements) {
			const replacement = path.join(import.meta.dirname, 'lighter', file);
			onResolve({filter}, ({importer}) =>
				importer !== replacement && asking.test(importer.replaceAll('\\', '/')) ? {path: replacement} : undefined,
			);
		}
	},
};

/**
 * Returns the replacement files that a bundle doesn't contain, because the packages no longer import the modules that
 * these files replace.
 */
export function unusedReplacements({inputs}: Metafile): readonly string[] {
	const files = Object.keys(inputs);
	return replacements.flatMap(({file}) =>
		files.some(input => input.endsWith(path.posix.join('.build/lighter', file))) ? [] : [file],
	);
}

/**
 * Loads some of Node.js's own modules with `require`. If they were imported, all their exports would be evaluated,
 * which would load more code and data: for `node:http`, undici and http2, which take 5 MB of memory and 90 of the
 * 300 ms of startup; for `node:tls`, 121 certificates, which take 1 MB.
 */
const requiredModules: Plugin = {
	name: 'required-modules',
	setup({onResolve, onLoad}) {
		const namespace = 'required';
		onResolve(
			{filter: /^(?:node:)?(?:child_process|dns|fs|https?|net|os|process|stream|tls|tty|util|v8|vm|zlib)$/},
			({path: name, namespace: importer}) =>
				importer === namespace ? {path: name, external: true} : {path: name.replace(/^node:/, ''), namespace},
		);
		onLoad({filter: /.*/, namespace}, ({path: name}) => ({contents: `module.exports = require('node:${name}')`}));
	},
};

/**
 * Imports the replacement for `Intl.Segmenter` only into files that use it. esbuild's `inject` would import it into all
 * files, each of which would then initialize it.
 */
const lazySegmenters: Plugin = {
	name: 'lazy-segmenters',
	setup({onLoad}) {
		onLoad({filter: /\.(?:js|tsx?)$/, namespace: 'file'}, ({path: file}) => {
			const contents = readFileSync(file, 'utf8');
			return contents.includes('Intl.Segmenter') && !file.endsWith('segmenter.ts')
				? {contents: segmenterImport + contents, loader: file.endsWith('.js') ? 'js' : 'ts'}
				: undefined;
		});
	},
};

/** Reads only the version from the program's own package.json, because nothing else in it is used. */
const versionAlone: Plugin = {
	name: 'version-alone',
	setup({onLoad, initialOptions: {absWorkingDir = ''}}) {
		onLoad({filter: /[\\/]package\.json$/}, ({path: file}) => {
			if (path.dirname(file) !== path.resolve(absWorkingDir)) {
				return undefined;
			}

			const {version}: {readonly version?: unknown} = JSON.parse(readFileSync(file, 'utf8'));
			return {contents: JSON.stringify({version}), loader: 'json'};
		});
	},
};

/** The package that isn't bundled: Ink imports it only in development, and only if it is installed. */
const external = ['react-devtools-core'];

/** Defines `require`, which is called by packages that aren't ES modules, and by the output of `requiredModules`. */
const banner =
	"import{createRequire as loopsTopRequire}from'node:module';const require=loopsTopRequire(import.meta.url);";

/** Returns the build options of the program: code that is loaded by `import()` goes into separate files. */
export function bundleOptions(root: string): BuildOptions & {readonly outdir: string; readonly metafile: true} {
	return {
		absWorkingDir: root,
		entryPoints: ['source/cli.ts'],
		outdir: path.join(root, 'dist'),
		bundle: true,
		splitting: true,
		// Files import each other about 700 times, so each letter of a name counts.
		chunkNames: '[hash]',
		minify: true,
		platform: 'node',
		format: 'esm',
		target: 'node20',
		// The license texts are in THIRD-PARTY-LICENSES.
		legalComments: 'none',
		logLevel: 'warning',
		external,
		// LazySegmenter comes from lighter/segmenter.ts.
		define: {
			'Intl.Segmenter': 'LazySegmenter',
			'process.env.NODE_ENV': "'production'",
			'process.env.DEV': "'false'",
		},
		banner: {js: banner},
		plugins: [
			lighterInk,
			lighterMeow,
			lighterReconciler,
			lighterPackages,
			requiredModules,
			versionAlone,
			lazySegmenters,
		],
		metafile: true,
	} satisfies BuildOptions & {readonly metafile: true};
}

/**
 * Removes the banner from a file that never calls `require`: the banner makes up a tenth of most files, and creates a
 * function in each of them.
 */
function withoutUnusedBanner(code: string): string {
	const rest = code.replace(banner, '');
	return /\brequire\b/.test(rest) ? code : rest;
}

/** Builds the program in memory, and returns its files and what they were built from. */
export async function bundleInMemory(
	root: string,
): Promise<{readonly files: readonly BuiltFile[]; readonly metafile: Metafile}> {
	checkPatchedFiles(root);
	const {outputFiles, metafile} = await build({...bundleOptions(root), write: false});
	const unused = unusedReplacements(metafile);
	if (unused.length > 0) {
		throw new Error(
			`These files in .build/lighter don't replace anything: ${unused.join(', ')}. Update the replacements in .build/bundle.ts.`,
		);
	}

	const texts = new Map(outputFiles.map(({path: file, text}) => [path.basename(file), withoutUnusedBanner(text)]));
	return {files: await mergeFiles(texts, metafile), metafile};
}

/** Builds the program, which requires no packages at runtime, in `dist`, and returns esbuild's metafile. */
export async function bundle(root: string): Promise<Metafile> {
	const {files, metafile} = await bundleInMemory(root);
	const {outdir} = bundleOptions(root);
	rmSync(outdir, {recursive: true, force: true});
	mkdirSync(outdir);
	for (const {name, text} of files) {
		writeFileSync(path.join(outdir, name), text);
	}

	// With this file, the others are ES modules even if `dist` is copied elsewhere.
	writeFileSync(path.join(outdir, 'package.json'), '{"type": "module"}\n');
	return metafile;
}
