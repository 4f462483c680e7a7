/**
 * Exits with one sentence if the files given as arguments don't exist: a clone is set up by `npm ci`, which installs the
 * tools and builds `dist`. Plain JavaScript without imports of packages, because it runs before they are installed.
 */
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.join(import.meta.dirname, '..');
if (process.argv.slice(2).some(file => !existsSync(path.join(root, file)))) {
	process.stderr.write("This clone isn't set up yet. Run `npm ci` first: it installs the tools and builds dist.\n");
	process.exit(1);
}
