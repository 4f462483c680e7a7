import {execFileSync} from 'node:child_process';
import {realpathSync} from 'node:fs';
import path from 'node:path';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** The installed package. */
export type Installed = {
	/** The folder in which it is installed. */
	readonly prefix: string;
	/** The folder of its commands, for `PATH`. */
	readonly commands: string;
	/** The folder of the package. */
	readonly folder: string;
	/** Its program. */
	readonly program: string;
};

/** Packs the result of `npm run build`, and installs it globally into a separate folder, without a network. */
export function installPackage(): Installed {
	const prefix = temporaryFolder();
	const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', prefix], {
		cwd: root,
		encoding: 'utf8',
	});
	const [{filename}] = JSON.parse(packed) as [{filename: string}];
	const options = ['--global', '--offline', '--no-audit', '--no-fund', '--prefix', prefix];
	execFileSync('npm', ['install', ...options, path.join(prefix, filename)], {stdio: 'pipe'});
	const commands = path.join(prefix, 'bin');
	const program = realpathSync(path.join(commands, 'loops-top'));
	return {prefix, commands, folder: path.dirname(path.dirname(program)), program};
}
