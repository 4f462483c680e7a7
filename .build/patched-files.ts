import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import path from 'node:path';

/**
 * Package files whose content the changes and replacements in .build rely on, each with the SHA-256 of the version
 * that the code was written for. If a file changes, review it and what relies on it before you update its checksum.
 */
export const patchedFiles: Readonly<Record<string, string>> = {
	'cli-spinners/spinners.json': '8361f92f3579451e4a2ae9eacdf0cab7cd5d3e13363f2d9c4aa0c20c8fe65173',
	'ink/build/ink.js': '54975ccb060dbc0f155990fe210a62eb00fa648cc89e60e68cb271395feb456a',
	'ink/build/log-update.js': '0336ec176d00780756df0c2b6c365cd2f67118e28d0f9b5383e113fd9f70f285',
	'ink/build/output.js': '5e6c511c0a573f48cd5765d7f1f16583d2595f7b05775608382bdb990b63f225',
	'ink/build/styles.js': 'd4081cd5909fdce596b40ef859a25b37db1c5b81932394c04c5c38334888073b',
	'ink/build/reconciler.js': '497b58b448d6cf4342c1808c38fb03588f04e1263db54befb9d96287f364d325',
	'meow/build/dependencies.js': 'b8a6bc10fd20a7a5066d87bc3d93a340d58f2dd07bfdc2ee1d96ab9bf47dc446',
	'react-reconciler/cjs/react-reconciler.production.js':
		'41abaf7360ca299162ee0366112e431d365e35a1cee2b2488b9dc382593d1faa',
	'string-width/index.js': 'abc20775da6b552188b098688ebec671e29f5416d6339d3534bb7b016174003e',
};

/** Throws an error that names every file that doesn't match its checksum. */
export function checkPatchedFiles(root: string, files = patchedFiles): void {
	const changed = Object.entries(files).flatMap(([name, checksum]) => {
		const found = createHash('sha256')
			.update(readFileSync(path.join(root, 'node_modules', name)))
			.digest('hex');
		return found === checksum ? [] : [`${name} has the SHA-256 ${found}`];
	});
	if (changed.length > 0) {
		throw new Error(
			`The code in .build was written for other versions of these files: ${changed.join('; ')}. Review them, and then update .build/patched-files.ts.`,
		);
	}
}
