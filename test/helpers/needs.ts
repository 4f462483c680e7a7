import {accessSync, constants} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import packages from './programs.json' with {type: 'json'};

/**
 * An external program that a test runs. `programs.json` names the Debian package of each program, and `.ci/run`
 * installs these packages.
 */
export type NeededProgram = keyof typeof packages;

function isInstalled(name: string): boolean {
	return (process.env['PATH'] ?? '').split(path.delimiter).some(folder => {
		try {
			accessSync(path.join(folder, name), constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}

/**
 * Returns the `skip` option of a test that runs `programs`: false if all are in `PATH`; otherwise a message that names
 * the missing ones and the command that installs them on Debian. `.build/report-skipped.ts` prints these messages at
 * the end of a run.
 */
export function needs(...programs: readonly NeededProgram[]): string | false {
	const missing = programs.filter(name => !isInstalled(name));
	const names = [...new Set(missing.map(name => packages[name]))].sort();
	return missing.length === 0 ? false : `needs ${missing.join(', ')}: apt-get install ${names.join(' ')}`;
}
