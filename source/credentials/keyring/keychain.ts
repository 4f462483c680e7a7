import type {Keyring, KeyringResult} from './keyring.ts';
import {describeToolFailure, type RunTool} from './run-tool.ts';

/** The last byte of errSecItemNotFound, errSecInteractionNotAllowed and so on in Apple's SecBase.h. */
const itemNotFound = 44;
const interactionNotAllowed = 36;
const authenticationFailed = 51;
const userCanceled = 128;

/**
 * Creates a reader of the macOS keychain. It runs /usr/bin/security, which is also what Go programs store with, so that
 * it can read their entries without asking.
 */
export function createKeychain(run: RunTool): Keyring {
	return async ({service, account}, signal) => {
		const args = ['find-generic-password', '-s', service, '-a', account, '-w'];
		const found = await run('/usr/bin/security', args, signal);
		if (found.kind !== 'ended') {
			return found.kind === 'missing'
				? {kind: 'refused', reason: "can't be reached without /usr/bin/security"}
				: describeToolFailure('security', found);
		}

		switch (found.exitCode) {
			case 0:
				return readPassword(found.stdout.trim());
			case itemNotFound:
				return {kind: 'missing'};
			case interactionNotAllowed:
			case authenticationFailed:
				return {kind: 'refused', reason: 'is locked', remedy: 'Unlock it with `security unlock-keychain`'};
			case userCanceled:
				return {kind: 'refused', reason: "wasn't opened", remedy: 'Allow it when asked'};
			default:
				return describeToolFailure('security', found);
		}
	};
}

/** The encodings of go-keyring: base64 now, hexadecimal in older versions. */
const packings = [
	{prefix: 'go-keyring-base64:', encoding: 'base64'},
	{prefix: 'go-keyring-encoded:', encoding: 'hex'},
] as const;

function readPassword(text: string): KeyringResult {
	const packing = packings.find(({prefix}) => text.startsWith(prefix));
	return {
		kind: 'found',
		text:
			packing === undefined ? text : Buffer.from(text.slice(packing.prefix.length), packing.encoding).toString('utf8'),
	};
}
