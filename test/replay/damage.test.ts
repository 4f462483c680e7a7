import assert from 'node:assert/strict';
import {hash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {before, test} from 'node:test';
import fc from 'fast-check';
import {UserError} from '../../source/errors/user-error.ts';
import {checkRecording, openRecording, playThrough} from '../../source/replay/play-recording.ts';
import {recordedHours} from '../helpers/recorded-hours.ts';
import {entriesOf, record} from '../helpers/recordings.ts';
import {createReplayStore} from '../helpers/replayed.ts';
import {screenText} from '../helpers/screen-text.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';

const {signal} = new AbortController();

/** Plays a file to its end, and draws the resulting state. Returns whether there was anything to show. */
async function plays(file: string): Promise<boolean> {
	try {
		const {startMs} = await openRecording(file);
		const store = await createReplayStore(file);
		await playThrough({file, startMs, store, clock: {elapsed: () => performance.now()}}, signal);
		screenText(store.getState(), {columns: 100, rows: 30});
		return true;
	} catch (error) {
		assert.ok(error instanceof UserError, String(error));
		assert.match(
			error.message,
			/^--replay .* (isn't a loops-top recording|contains no response|is damaged, and nothing)/,
		);
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

	test(`${name}: a recording cut off at any position plays, or an error says why nothing can be shown`, async () => {
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

	test(`${name}: a recording with any byte changed plays, or an error says why nothing can be shown`, async () => {
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

test('a changed byte in a compressed recording either is reported or has no effect', async () => {
	const file = temporaryFile('night.jsonl.gz');
	await record(file, []);
	for (const response of recordedHours(0.02)) {
		await record(file, [response]);
	}

	const whole = readFileSync(file);
	// Returns digests of the entries, which are quick to compare and show.
	const read = async (): Promise<readonly string[]> =>
		(await entriesOf(file)).flatMap(entry =>
			entry.kind === 'session' ? [] : [hash('sha1', JSON.stringify([entry, entry.readResult()]))],
		);
	const before = await read();
	await fc.assert(
		fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({min: 1, max: 255}), async (at, change) => {
			const damaged = Buffer.from(whole);
			damaged[at] = (damaged[at] ?? 0) ^ change;
			writeFileSync(file, damaged);
			const after = await read();
			const {damage} = await openRecording(file).then(checkRecording);
			if (damage === undefined) {
				assert.deepEqual(after, before);
			} else {
				// Everything except the damaged part is read, and nothing else.
				assert.ok(after.length >= before.length - 1, `${after.length} of ${before.length}`);
				assert.deepEqual(
					after,
					before.filter(response => after.includes(response)),
				);
				assert.match(damage, /^[\d,]+ bytes at (one place|\d+ places) can't be read$/);
			}
		}),
		{numRuns: 100},
	);
});

test('a damaged file from which nothing can be read is rejected with exit code 1', async () => {
	const file = temporaryFile('night.jsonl.gz');
	await record(file, []);
	const whole = readFileSync(file);
	for (const at of [0, 1, 2, 14, whole.length - 6]) {
		const damaged = Buffer.from(whole);
		damaged[at] = (damaged[at] ?? 0) ^ 0x40;
		writeFileSync(file, damaged);
		await assert.rejects(openRecording(file), {exitCode: 1, message: /is damaged, and nothing in it can be shown: /});
	}
});

test("an empty recording, a missing file, and a file that isn't a recording get different messages", async () => {
	const file = temporaryFile('night.jsonl');
	await record(file, []);
	assert.equal(await plays(file), false);
	await assert.rejects(
		openRecording(file),
		/contains no response to a request for metrics, so there is nothing to show\.$/,
	);
	await assert.rejects(openRecording(`${file}.missing`), /can't be read: no such file or directory\.$/);
	writeFileSync(file, 'something else\n');
	await assert.rejects(openRecording(file), /isn't a loops-top recording/);
});
