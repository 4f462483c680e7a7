import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const packed = z.tuple([z.object({size: z.number(), unpackedSize: z.number(), entryCount: z.number()})]);
const manifest = z.object({
	dependencies: z.record(z.string(), z.string()).optional(),
	optionalDependencies: z.record(z.string(), z.string()).optional(),
	peerDependencies: z.record(z.string(), z.string()).optional(),
});

/** The size of the package that npm would publish: compressed and unpacked bytes, files, and dependencies. */
export type PackageSize = {
	readonly packedBytes: number;
	readonly unpackedBytes: number;
	readonly files: number;
	readonly dependencies: number;
};

/** Measures the package with the current content of `dist`, without building it. */
export function measurePackage(root: string): PackageSize {
	const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: root,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [{size, unpackedSize, entryCount}] = packed.parse(JSON.parse(json));
	const kinds = manifest.parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
	const dependencies = Object.values(kinds).reduce((sum, kind = {}) => sum + Object.keys(kind).length, 0);
	return {packedBytes: size, unpackedBytes: unpackedSize, files: entryCount, dependencies};
}
