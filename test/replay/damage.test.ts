import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {before, test} from 'node:test';
import fc from 'fast-check';
import {UserError} from '../../source/errors/user-error.ts';
import {openRecording} from '../../source/replay/open-recording.ts';
import {playThrough} from '../../source/replay/play.ts';
import {recordedHours} from '../helpers/recorded-hours.ts';
import {record, temporaryFile} from '../helpers/recordings.ts';
import {createReplayStore} from '../helpers/replayed.ts';
import {screenText} from '../helpers/screen-text.ts';

const {signal} = new AbortController();

/** Plays a file to its end and draws what is known then; tells whether there was anything to show. */
async function plays(file: string): Promise<boolean> {
	try {
		const {startMs} = await openRecording(file);
		const store = await createReplayStore(file);
		await playThrough({file, startMs, store, clock: {elapsed: () => performance.now()}}, signal);
		screenText(store.getState(), {columns: 100, rows: 30});
		return true;
	} catch (error) {
		assert.ok(error instanceof UserError, String(error));
		assert.match(error.message, /^--replay .* (is not a recording of loops-top|holds no answer)/);
		return false;
	}
}

for (const name of ['night.jsonl', 'night.jsonl.gz']) {
	const file = temporaryFile(name);
	let whole = Buffer.alloc(0);
	before(async () => {
		await record(file, recordedHours(0.1));
		await record(file, recordedHours(0.1));
		whole = readFileSync(file);
	});

	test(`${name}: whatever is cut off its end, it plays or says in a sentence that there is nothing`, async () => {
		let played = 0;
		await fc.assert(
			fc.asyncProperty(fc.nat(1000), async part => {
				writeFileSync(file, whole.subarray(0, Math.round((whole.length * part) / 1000)));
				played += (await plays(file)) ? 1 : 0;
			}),
			{numRuns: 40},
		);
		assert.ok(played > 10, `${played} of 40 played`);
	});

	test(`${name}: whatever byte of it is another, it plays or says in a sentence that it is none`, async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({min: 1, max: 255}), async (at, change) => {
				const damaged = Buffer.from(whole);
				damaged[at] = (damaged[at] ?? 0) ^ change;
				writeFileSync(file, damaged);
				await plays(file);
			}),
			{numRuns: 40},
		);
	});
}

test('a recording without an answer of a deployment is told from one that is none', async () => {
	const file = temporaryFile('night.jsonl');
	await record(file, []);
	assert.equal(await plays(file), false);
	await assert.rejects(openRecording(file), /holds no answer of a deployment: there is nothing to show\.$/);
	await assert.rejects(openRecording(`${file}.missing`), /cannot be read: no such file or directory\.$/);
	writeFileSync(file, 'something else\n');
	await assert.rejects(openRecording(file), /is not a recording of loops-top/);
});
