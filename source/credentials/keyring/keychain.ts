import type {Keyring, KeyringAnswer} from './keyring.ts';
import {describeTrouble, type RunTool} from './run-tool.ts';

/** The last byte of what Apple's SecBase.h names errSecItemNotFound, errSecInteractionNotAllowed and so on. */
const itemNotFound = 44;
const interactionNotAllowed = 36;
const authenticationFailed = 51;
const userCanceled = 128;

/**
 * The keychain of macOS, read by its own tool: the one by which Go programs store, and so the one that may read their
 * entries without asking.
 */
export function createKeychain(run: RunTool): Keyring {
	return async ({service, account}, signal) => {
		const args = ['find-generic-password', '-s', service, '-a', account, '-w'];
		const found = await run('/usr/bin/security', args, signal);
		if (found.kind !== 'ended') {
			return found.kind === 'missing'
				? {kind: 'refused', because: "can't be reached without /usr/bin/security"}
				: describeTrouble('security', found);
		}

		switch (found.exitCode) {
			case 0:
				return readPassword(found.stdout.trim());
			case itemNotFound:
				return {kind: 'missing'};
			case interactionNotAllowed:
			case authenticationFailed:
				return {kind: 'refused', because: 'is locked', mend: 'unlock it with `security unlock-keychain`'};
			case userCanceled:
				return {kind: 'refused', because: 'was not opened', mend: 'allow it when asked'};
			default:
				return describeTrouble('security', found);
		}
	};
}

/** How go-keyring packs what it stores, in base64 now and in hexadecimal digits formerly. */
const packings = [
	{prefix: 'go-keyring-base64:', encoding: 'base64'},
	{prefix: 'go-keyring-encoded:', encoding: 'hex'},
] as const;

function readPassword(text: string): KeyringAnswer {
	const packing = packings.find(({prefix}) => text.startsWith(prefix));
	return {
		kind: 'found',
		text:
			packing === undefined ? text : Buffer.from(text.slice(packing.prefix.length), packing.encoding).toString('utf8'),
	};
}
