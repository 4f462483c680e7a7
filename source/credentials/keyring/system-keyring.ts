import {createKeychain} from './keychain.ts';
import type {Keyring} from './keyring.ts';
import {createRunTool} from './run-tool.ts';
import {createSecretService} from './secret-service.ts';

/**
 * Creates a reader of the platform's keyring, which runs the platform's own tool: nothing has to be installed with
 * loops-top, and the system decides who can read what.
 */
export function createSystemKeyring(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): Keyring {
	const run = createRunTool(environment);
	switch (platform) {
		case 'darwin':
			return createKeychain(run);
		case 'win32':
			// Windows has no tool that prints a stored password.
			return async () => ({kind: 'refused', reason: "loops-top can't read on Windows"});
		default:
			return createSecretService(run);
	}
}
