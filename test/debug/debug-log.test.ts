import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {Secret} from '../../source/api/secret.ts';
import {openDebugLog} from '../../source/debug/debug-log.ts';
import {temporaryFile} from '../helpers/recordings.ts';

const nine = Date.UTC(2026, 10, 23, 9);

test('the key is in no line, nor one that was renewed in the meantime, and no line can be taken for another', async () => {
	const file = temporaryFile('debug.log');
	const log = await openDebugLog(file, () => nine);
	let secret = new Secret('the-first-key');
	log.hide(() => secret);
	log.note('event', 'with the-first-key and THE-FIRST-KEY');
	secret = new Secret('the-other-key');
	log.note('error', 'Error: the-first-key\n    at the-other-key\u001b[31m\u0007');
	await log.close();
	assert.equal(
		readFileSync(file, 'utf8'),
		[
			'2026-11-23T09:00:00.000Z event with [redacted] and [redacted]',
			'2026-11-23T09:00:00.000Z error Error: [redacted]',
			'\t    at [redacted]',
			'',
		].join('\n'),
	);
	assert.equal(log.stopped(), undefined);
});
