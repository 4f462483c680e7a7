import assert from 'node:assert/strict';
import {mock, test} from 'node:test';
import {type Connection, connect} from '../../source/app/connect.ts';
import {readConfiguration} from '../../source/command-line/options.ts';
import type {Keyring, KeyringResult} from '../../source/credentials/keyring.ts';
import {UserError} from '../../source/errors/user-error.ts';
import {auth, authPath, fakeSources} from '../helpers/fake-input.ts';

const {signal} = new AbortController();

/** Opens the target of `loops-top ID`, with the key in the keyring. */
async function openStored(
	keyring: Keyring,
	id = 'k4q95w5',
	report = (_: string): void => undefined,
): Promise<Connection> {
	const sources = fakeSources({[authPath]: auth({a: {auth_type: 'api_key'}}, 'a')});
	const outcome = readConfiguration({...sources, argv: [id], version: '1.2.3'});
	assert.ok(outcome.kind === 'run');
	const {source: target} = outcome.configuration;
	return target.kind === 'replay' ? assert.fail('The target is a recording.') : connect(target, {keyring, report});
}

test('a key in the keyring is read at the start and on each renewal, and kept if a renewal fails', async () => {
	let response: KeyringResult = {kind: 'found', text: 'first'};
	const target = await openStored(async () => response);
	assert.equal(target.secret().reveal(), 'first');
	assert.equal(target.keySource(), 'profile a in the system keyring');
	response = {kind: 'found', text: 'second'};
	await target.renewKey(signal);
	assert.equal(target.secret().reveal(), 'second');
	for (const refused of [{kind: 'missing'}, {kind: 'refused', reason: 'is locked'}] as const) {
		response = refused;
		await target.renewKey(signal);
		assert.equal(target.secret().reveal(), 'second');
	}
});

test('a renewal of the key ends when it is aborted', async () => {
	const stopping = new AbortController();
	let isFirst = true;
	const target = await openStored(async (_, renewal) => {
		if (isFirst) {
			isFirst = false;
			return {kind: 'found', text: 'k'};
		}

		return new Promise((_, reject) => {
			renewal.addEventListener('abort', () => reject(renewal.reason));
		});
	});
	const renewing = target.renewKey(stopping.signal);
	stopping.abort(new Error('the user left'));
	await assert.rejects(renewing, /the user left/);
});

test('an ID that equals the key in the keyring is rejected', async () => {
	const opening = openStored(async () => ({kind: 'found', text: 'the-key'}), 'the-key');
	await assert.rejects(opening, (error: unknown) => {
		assert.ok(error instanceof UserError);
		assert.match(error.message, /^The deployment ID is your API key/);
		assert.equal(error.exitCode, 2);
		return true;
	});
});

test("a slow keyring is announced once, and a keyring that responds or fails immediately isn't announced", async context => {
	mock.timers.enable({apis: ['setTimeout']});
	context.after(() => mock.timers.reset());
	const reported: string[] = [];
	const report = (sentence: string): void => void reported.push(sentence);
	await openStored(async () => ({kind: 'found', text: 'k'}), 'id', report);
	await assert.rejects(
		openStored(async () => ({kind: 'missing'}), 'id', report),
		/isn't in the system keyring/,
	);
	mock.timers.tick(60_000);
	assert.deepEqual(reported, []);

	let response = (_: KeyringResult): void => undefined;
	const slow = new Promise<KeyringResult>(resolve => {
		response = resolve;
	});
	const opening = openStored(async () => slow, 'id', report);
	mock.timers.tick(1999);
	assert.deepEqual(reported, []);
	mock.timers.tick(60_000);
	assert.deepEqual(reported, ['Waiting for the system keyring, which might ask for its password.']);
	response({kind: 'found', text: 'k'});
	assert.equal((await opening).secret().reveal(), 'k');
});
