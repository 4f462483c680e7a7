import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Secret} from '../../source/api/secret.ts';
import {exitCodes, InternalError, toReportableError, UserError} from '../../source/errors/user-error.ts';

const secret = new Secret('sk-a-key-that-must-not-be-seen');

test('an error that the user can fix is shown unchanged', () => {
	const error = new UserError('Give an ID.', exitCodes.usage);
	assert.equal(toReportableError(error, secret), error);
});

test('any other error is reported as a bug, with its stack, and with the key redacted wherever it appears', () => {
	const error = toReportableError(new TypeError(`bad header Bearer ${secret.reveal()}`), secret);
	assert.ok(error instanceof InternalError);
	assert.match(error.message, /^TypeError: bad header Bearer \[redacted\]\n {4}at /);
	assert.equal(toReportableError(`thrown ${secret.reveal()}`, secret).message, 'thrown [redacted]');
	assert.equal(toReportableError(undefined, secret).message, 'undefined');
});

test("a bug that has already been reported isn't wrapped again", () => {
	const error = toReportableError(new Error('once'), undefined);
	assert.equal(toReportableError(error, secret), error);
});

test("an error about too many open files isn't reported as a bug", () => {
	for (const code of ['EMFILE', 'ENFILE']) {
		const error = toReportableError(
			Object.assign(new Error(`${code}: too many open files, open 'x'`), {code}),
			undefined,
		);
		assert.equal(error.message, 'Too many files are open. Raise the limit with `ulimit -n`.');
	}
});
