import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import {temporaryFolder} from '../helpers/temporary-folder.ts';

/** A commit that was built in its own folder. */
export type BuiltCommit = {
	/** The short hash of the commit. */
	readonly name: string;
	readonly root: string;
	readonly program: string;
};

/**
 * Builds a commit in a temporary folder. If the commit has the same package-lock.json as `root`, the packages in `root`
 * are used. Otherwise, the commit's own packages are installed first.
 *
 * @throws if there is no such commit, or if it can't be built
 */
export function buildCommit(root: string, commit: string): BuiltCommit {
	const name = git(root, 'rev-parse', '--short', `${commit}^{commit}`).trim();
	const folder = temporaryFolder();
	const archive = path.join(folder, 'commit.tar');
	git(root, 'archive', '--output', archive, name);
	execFileSync('tar', ['-xf', archive, '-C', folder]);
	const run = (...args: readonly string[]): void => {
		execFileSync('npm', args, {cwd: folder, stdio: ['ignore', 'ignore', 'inherit']});
	};
	if (isSameFile('package-lock.json', root, folder)) {
		symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
	} else {
		run('ci', '--no-audit', '--no-fund');
	}

	const program = path.join(folder, 'dist', 'cli.js');
	if (!existsSync(program)) {
		run('run', '-s', 'build');
	}

	return {name, root: folder, program};
}

function git(root: string, ...args: readonly string[]): string {
	return execFileSync('git', args, {cwd: root, encoding: 'utf8'});
}

function isSameFile(name: string, ...folders: readonly [string, string]): boolean {
	const [one, other] = folders.map(folder => readFileSync(path.join(folder, name), 'utf8'));
	return one === other;
}
