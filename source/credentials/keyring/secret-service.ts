import type {Keyring} from './keyring.ts';
import {describeToolFailure, type RunTool} from './run-tool.ts';

/**
 * Creates a reader of the Secret Service on Linux and BSD (GNOME Keyring, KWallet, KeePassXC). It runs libsecret's
 * secret-tool. Go programs and Python's keyring both store with the attributes `service` and `username`.
 */
export function createSecretService(run: RunTool): Keyring {
	return async ({service, account}, signal) => {
		const attributes = ['--', 'service', service, 'username', account];
		const found = await run('secret-tool', ['lookup', ...attributes], signal);
		if (found.kind === 'missing') {
			return {
				kind: 'refused',
				reason: "can't be read without secret-tool",
				remedy: 'Install it (package libsecret-tools or libsecret)',
			};
		}

		if (found.kind === 'ended' && found.exitCode === 0) {
			return {kind: 'found', text: found.stdout};
		}

		if (found.kind !== 'ended' || found.stderr.trim() !== '') {
			return describeToolFailure('secret-tool', found);
		}

		// secret-tool prints the same for a missing entry and for a locked one, but it lists the latter.
		const listed = await run('secret-tool', ['search', ...attributes], signal);
		return listed.kind === 'ended' && listed.stdout.trim() !== ''
			? {kind: 'refused', reason: 'is locked', remedy: 'Unlock it'}
			: {kind: 'missing'};
	};
}
