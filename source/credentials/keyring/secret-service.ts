import type {Keyring} from './keyring.ts';
import {describeTrouble, type RunTool} from './run-tool.ts';

/**
 * The Secret Service of Linux and BSD (GNOME's keyring, KWallet, KeePassXC), read by libsecret's own tool. Go programs
 * and Python's keyring both store with the attributes `service` and `username`.
 */
export function createSecretService(run: RunTool): Keyring {
	return async ({service, account}, signal) => {
		const attributes = ['--', 'service', service, 'username', account];
		const found = await run('secret-tool', ['lookup', ...attributes], signal);
		if (found.kind === 'missing') {
			return {
				kind: 'refused',
				because: 'loops-top reads with secret-tool',
				mend: 'install it (package libsecret-tools or libsecret)',
			};
		}

		if (found.kind === 'ended' && found.exitCode === 0) {
			return {kind: 'found', text: found.stdout};
		}

		if (found.kind !== 'ended' || found.stderr.trim() !== '') {
			return describeTrouble('secret-tool', found);
		}

		// It says the same of an entry that isn't there and of one that it could not unlock, but lists the latter.
		const listed = await run('secret-tool', ['search', ...attributes], signal);
		return listed.kind === 'ended' && listed.stdout.trim() !== ''
			? {kind: 'refused', because: 'is locked', mend: 'unlock it'}
			: {kind: 'missing'};
	};
}
