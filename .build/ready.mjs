/**
 * Exits with a message if any of the files given as arguments doesn't exist, which means that the clone isn't set up
 * yet: `npm ci` installs the tools and builds `dist`. This file is plain JavaScript and imports no packages, because it
 * runs before they are installed.
 */
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.join(import.meta.dirname, '..');
if (process.argv.slice(2).some(file => !existsSync(path.join(root, file)))) {
	process.stderr.write("This clone isn't set up yet. Run `npm ci` first: it installs the tools and builds dist.\n");
	process.exit(1);
}
