import {createKeychain} from './keychain.ts';
import type {Keyring} from './keyring.ts';
import {createRunTool} from './run-tool.ts';
import {createSecretService} from './secret-service.ts';

/**
 * The keyring of that platform, read by the platform's own tool: there is nothing to install with loops-top, and the
 * system decides whom it shows what.
 */
export function createSystemKeyring(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): Keyring {
	const run = createRunTool(environment);
	switch (platform) {
		case 'darwin':
			return createKeychain(run);
		case 'win32':
			// Windows has no tool that tells a stored password.
			return async () => ({kind: 'refused', because: "loops-top doesn't read on Windows"});
		default:
			return createSecretService(run);
	}
}
