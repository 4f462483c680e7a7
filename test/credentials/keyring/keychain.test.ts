import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createKeychain, type KeyringResult, type ToolResult} from '../../../source/credentials/keyring.ts';

const {signal} = new AbortController();

function found(stdout: string): ToolResult {
	return {kind: 'ended', exitCode: 0, stdout, stderr: ''};
}

function failed(exitCode: number, stderr: string): ToolResult {
	return {kind: 'ended', exitCode, stdout: '', stderr};
}

const token = '{"access_token":"é"}';

const cases: ReadonlyArray<readonly [what: string, ended: ToolResult, response: KeyringResult]> = [
	['a plain password', found('k\n'), {kind: 'found', text: 'k'}],
	[
		'an entry from go-keyring',
		found(`go-keyring-base64:${Buffer.from(token).toString('base64')}\n`),
		{kind: 'found', text: token},
	],
	[
		'an entry from an older version of go-keyring',
		found(`go-keyring-encoded:${Buffer.from(token).toString('hex')}\n`),
		{kind: 'found', text: token},
	],
	[
		'no such entry',
		failed(44, 'security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.\n'),
		{kind: 'missing'},
	],
	[
		'no way to prompt, as over SSH',
		failed(36, 'security: SecKeychainItemCopyContent: User interaction is not allowed.\n'),
		{kind: 'refused', reason: 'is locked', remedy: 'Unlock it with `security unlock-keychain`'},
	],
	[
		'a wrong password',
		failed(51, 'security: SecKeychainItemCopyContent: The user name or passphrase you entered is not correct.\n'),
		{kind: 'refused', reason: 'is locked', remedy: 'Unlock it with `security unlock-keychain`'},
	],
	[
		'a user who refuses',
		failed(128, ''),
		{kind: 'refused', reason: "wasn't opened", remedy: 'Allow access when prompted'},
	],
	[
		'another error',
		failed(37, 'security: SecKeychainSearchCopyNext: A default keychain could not be found.\n'),
		{
			kind: 'refused',
			reason: "can't be reached (security: SecKeychainSearchCopyNext: A default keychain could not be found)",
		},
	],
	['an error without a message', failed(1, ''), {kind: 'refused', reason: "can't be reached (security: exit code 1)"}],
	[
		'no response',
		{kind: 'timedOut'},
		{kind: 'refused', reason: "didn't respond within 60 s", remedy: 'Unlock it and try again'},
	],
	['no tool', {kind: 'missing'}, {kind: 'refused', reason: "can't be reached without /usr/bin/security"}],
];

for (const [what, ended, response] of cases) {
	test(`${what}: the result from the keychain is ${response.kind}`, async () => {
		const keychain = createKeychain(async (file, args) => {
			assert.equal(file, '/usr/bin/security');
			assert.deepEqual(args, ['find-generic-password', '-s', 'baseten-profile', '-a', 'work', '-w']);
			return ended;
		});
		assert.deepEqual(await keychain({service: 'baseten-profile', account: 'work'}, signal), response);
	});
}
