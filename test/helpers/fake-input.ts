import assert from 'node:assert/strict';
import type {Credential, FoundCredential} from '../../source/credentials/credential.ts';
import type {HostEnvironment} from '../../source/credentials/host-environment.ts';
import {UserError} from '../../source/errors/user-error.ts';

/** The local time: noon UTC on November 2, 2026. */
export const nowMs = Date.UTC(2026, 10, 2, 12);

/** Returns an error such as those that node:fs throws. */
export function fileError(code: string): Error {
	return Object.assign(new Error(`${code}: something about the file`), {code});
}

/**
 * Returns the environment of a machine with these files: a string is the content of a file, and an error is thrown when
 * the file is read. Any other file doesn't exist.
 */
export function fakeSources(
	files: Readonly<Record<string, string | Error>>,
	others: Partial<HostEnvironment> = {},
): HostEnvironment {
	return {
		environment: {},
		homeDirectory: '/home/ada',
		platform: 'linux',
		readFile(path) {
			const file = Object.hasOwn(files, path) ? files[path] : undefined;
			if (typeof file === 'string') {
				return file;
			}

			throw file ?? fileError('ENOENT');
		},
		fileMode: () => 0o100_600,
		now: () => nowMs,
		...others,
	};
}

/** Asserts that a key was found, but not in the keyring, and returns it. */
export function atHand(found: FoundCredential | undefined): Credential {
	assert.ok(found !== undefined && 'secret' in found);
	return found;
}

/** Returns the `UserError` that `run` throws. */
export function thrownBy(run: () => unknown): UserError {
	try {
		run();
	} catch (error) {
		if (error instanceof UserError) {
			return error;
		}

		throw error;
	}

	throw new Error('Nothing was thrown.');
}

/** The locations of the files on the simulated machine. */
export const authPath = '/home/ada/.config/baseten/auth.json';
export const trussPath = '/home/ada/.trussrc';
export const configPath = '/home/ada/.config/loops-top/config.json';

/** Returns the text of auth.json. */
export function auth(profiles: Readonly<Record<string, unknown>>, current?: string): string {
	return JSON.stringify({version: 1, current, profiles});
}

/** Returns an auth.json profile with a key. */
export function apiKey(key: string, remoteUrl?: string): unknown {
	return {remote_url: remoteUrl, auth_type: 'api_key', api_key: key};
}

/** Returns an auth.json profile with a token. */
export function oauth(token: string, expiry?: string): unknown {
	return {auth_type: 'oauth', oauth_credential: {access_token: token, refresh_token: 'renew', expiry}};
}

/** Two profiles, one of them current, and two remotes. */
export const storedKeys = {
	[authPath]: auth({work: apiKey('key-of-work'), home: apiKey('key-of-home')}, 'home'),
	[trussPath]: '[baseten]\napi_key = key-of-baseten\n[staging]\napi_key = key-of-staging\n',
};
