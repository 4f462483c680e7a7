/**
 * Verifies the hash of the Node.js binary that `npm ci` installs for the scripts: the package `node` downloads this
 * binary in an install script, so package-lock.json has no hash of it. Runs on npm's own Node.js, and imports no
 * packages. `node_modules` is in this repository, or in the folder given as the argument.
 */
import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** The SHA-256 of `bin/node` in each package `node-PLATFORM-ARCHITECTURE`, by version and platform. */
const hashes = {
	'24.21.0 linux-x64': '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
	'24.21.0 linux-arm64': '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
};

const root = process.argv[2] ?? path.join(import.meta.dirname, '..');
const folder = path.join(root, 'node_modules', 'node');
const binary = path.join(folder, 'bin', 'node');
if (existsSync(binary)) {
	const {version} = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
	const name = `${version} ${process.platform}-${process.arch}`;
	const hash = createHash('sha256').update(readFileSync(binary)).digest('hex');
	const known = hashes[name];
	if (known === undefined) {
		process.stderr.write(
			`node_modules/node: no hash of ${name} is known. Compare ${hash} with a source that you trust, and add it to .build/verify-node.mjs.\n`,
		);
	} else if (known !== hash) {
		process.stderr.write(
			`node_modules/node/bin/node isn't Node.js ${name}: its SHA-256 is ${hash}, not ${known}. Remove node_modules, and don't run its scripts.\n`,
		);
		process.exit(1);
	}
}
