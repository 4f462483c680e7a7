import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	createSecretService,
	type KeyringResult,
	type RunTool,
	type ToolResult,
} from '../../../source/credentials/keyring.ts';

const {signal} = new AbortController();
const entry = {service: 'baseten-profile', account: 'work'};

function ended(exitCode: number, stdout: string, stderr = ''): ToolResult {
	return {kind: 'ended', exitCode, stdout, stderr};
}

const cases: ReadonlyArray<{
	readonly what: string;
	readonly lookup: ToolResult;
	readonly search?: ToolResult;
	readonly response: KeyringResult;
}> = [
	{what: 'an existing entry', lookup: ended(0, 'k'), response: {kind: 'found', text: 'k'}},
	{what: 'a missing entry', lookup: ended(1, ''), search: ended(0, ''), response: {kind: 'missing'}},
	{
		what: 'a locked entry',
		lookup: ended(1, ''),
		search: ended(0, '[/1]\nlabel = x\n', 'secret-tool: Cannot get secret of a locked object\n'),
		response: {kind: 'refused', reason: 'is locked', remedy: 'Unlock it'},
	},
	{
		what: 'no message bus',
		lookup: ended(1, '', 'secret-tool: Cannot autolaunch D-Bus without X11 $DISPLAY\n'),
		response: {
			kind: 'refused',
			reason: "can't be reached (secret-tool: Cannot autolaunch D-Bus without X11 $DISPLAY)",
		},
	},
	{
		what: 'no such tool',
		lookup: {kind: 'missing'},
		response: {
			kind: 'refused',
			reason: "can't be read without secret-tool",
			remedy: 'Install it (package libsecret-tools or libsecret)',
		},
	},
	{
		what: "a tool that doesn't respond",
		lookup: {kind: 'timedOut'},
		response: {kind: 'refused', reason: "didn't respond within 60 s", remedy: 'Unlock it and try again'},
	},
	{
		what: "a tool that isn't executable",
		lookup: {kind: 'failed', code: 'EACCES'},
		response: {kind: 'refused', reason: "can't be reached (secret-tool: EACCES)"},
	},
];

for (const {what, lookup, search, response} of cases) {
	test(`${what}: the result from the Secret Service is ${response.kind}`, async () => {
		const run: RunTool = async (file, [verb]) => {
			assert.equal(file, 'secret-tool');
			return verb === 'lookup' ? lookup : (search ?? assert.fail('The Secret Service was searched.'));
		};
		assert.deepEqual(await createSecretService(run)(entry, signal), response);
	});
}

test('the tool receives only names, and interprets none of them as an option', async () => {
	const run: RunTool = async (_, args) => {
		assert.deepEqual(args, ['lookup', '--', 'service', 'baseten-truss', 'username', '--help']);
		return ended(0, 'k');
	};
	await createSecretService(run)({service: 'baseten-truss', account: '--help'}, signal);
});
