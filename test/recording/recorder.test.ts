import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {
	appendFileSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readFileSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import {test} from 'node:test';
import {gunzipSync, gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {UserError} from '../../source/errors/user-error.ts';
import {encodeSession} from '../../source/recording/format.ts';
import {openRecorder} from '../../source/recording/recorder.ts';
import {needs} from '../helpers/needs.ts';
import {entriesOf, numbered, outline, record, session} from '../helpers/recordings.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';

const five = Array.from({length: 5}, (_, number) => numbered(number));
const paths = five.map(({request}) => request.path);
const names = ['night.jsonl', 'night.jsonl.gz'];

for (const name of names) {
	test(`${name}: recorded data can be read back, and only the owner of the file can read it`, async () => {
		const file = temporaryFile(name);
		await record(file, five);
		assert.deepEqual(outline(await entriesOf(file)), ['session', ...paths]);
		assert.equal(statSync(file).mode & 0o777, 0o600);
		assert.equal(readFileSync(file)[0] === 0x1f, name.endsWith('.gz'));
	});

	test(`${name}: a recording of the same deployment is continued`, async () => {
		const file = temporaryFile(name);
		await record(file, five.slice(0, 2));
		await record(file, five.slice(2));
		assert.deepEqual(outline(await entriesOf(file)), ['session', ...paths.slice(0, 2), 'session', ...paths.slice(2)]);
	});

	test(`${name}: a recording that was cut off is read up to the cut, and data appended later is read`, async () => {
		const file = temporaryFile(name);
		await record(file, five);
		const whole = readFileSync(file);
		const cuts = fc.integer({min: 300, max: whole.length});
		await fc.assert(
			fc.asyncProperty(cuts, async length => {
				writeFileSync(file, whole);
				truncateSync(file, length);
				const before = outline(await entriesOf(file)).filter(word => word !== 'broken');
				assert.deepEqual(before, ['session', ...paths].slice(0, before.length));
				await record(file, [numbered(9)]);
				const after = outline(await entriesOf(file)).filter(word => word !== 'broken');
				assert.deepEqual(after, [...before, 'session', '/v1/9']);
			}),
			{numRuns: 30},
		);
	});

	test(`${name}: each line is written without waiting for the next one, so that a kill loses little`, async () => {
		const file = temporaryFile(name);
		const recorder = await openRecorder(file, session);
		for (const [index, response] of five.entries()) {
			recorder.keep(() => response);
			const wanted = ['session', ...paths.slice(0, index + 1)];
			const deadline = Date.now() + 45_000;
			for (let words: readonly string[] = []; words.length < wanted.length; ) {
				assert.ok(Date.now() < deadline, `only ${words.length} of ${wanted.length} lines are in the file`);
				await new Promise(setImmediate);
				words = outline(await entriesOf(file));
				assert.deepEqual(words, wanted.slice(0, words.length));
			}
		}

		await recorder.close();
	});
}

test('a compressed recording that was continued is a valid gzip file', async () => {
	const file = temporaryFile('night.jsonl.gz');
	await record(file, five.slice(0, 2));
	await record(file, five.slice(2));
	assert.equal(gunzipSync(readFileSync(file)).toString().split('\n').filter(Boolean).length, 7);
});

test('a recording that was compressed by another program is read', async () => {
	const file = temporaryFile('night.jsonl');
	await record(file, five);
	writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
	assert.deepEqual(outline(await entriesOf(`${file}.gz`)), ['session', ...paths]);
});

test('zeros after the end of a compressed recording are skipped', async () => {
	const file = temporaryFile('night.jsonl.gz');
	await record(file, five);
	appendFileSync(file, Buffer.alloc(100_000));
	await record(file, [numbered(9)]);
	assert.deepEqual(outline(await entriesOf(file)), ['session', ...paths, 'session', '/v1/9']);
});

type Refused = {readonly name: string; readonly make: (file: string) => void; readonly says: RegExp};

const refused: readonly Refused[] = [
	{name: 'notes.txt', make: file => writeFileSync(file, 'milk\neggs\n'), says: /isn't a loops-top recording/},
	{
		name: 'zeros.bin',
		make: file => writeFileSync(file, Buffer.alloc(200_000)),
		says: /isn't a loops-top recording/,
	},
	{
		name: 'other.jsonl',
		make: file => writeFileSync(file, encodeSession({...session, target: {kind: 'deployment', id: 'another1'}})),
		says: /is a recording of deployment another1/,
	},
	{
		name: 'run.jsonl',
		make: file => writeFileSync(file, encodeSession({...session, target: {kind: 'run', id: 'k4q95w5'}})),
		says: /is a recording of run k4q95w5/,
	},
	{name: 'plain.gz', make: file => writeFileSync(file, encodeSession(session)), says: /isn't compressed, though/},
	{name: 'packed.jsonl', make: file => writeFileSync(file, gzipSync(encodeSession(session))), says: /is compressed/},
	{name: 'folder', make: file => void mkdirSync(file), says: /can't be written: it is a directory/},
	{name: 'missing/night.jsonl', make: () => undefined, says: /can't be written: no such file or directory/},
];

for (const {name, make, says} of refused) {
	test(`${name} is rejected with exit code 2 and a message about --record, and left unchanged`, async () => {
		const file = temporaryFile(name);
		make(file);
		const isFile = existsSync(file) && statSync(file).isFile();
		const before = isFile ? readFileSync(file) : undefined;
		await assert.rejects(openRecorder(file, session), error => {
			assert.ok(error instanceof UserError);
			assert.match(error.message, says);
			assert.match(error.message, /^--record .*\.$/);
			assert.equal(error.exitCode, 2);
			return true;
		});
		assert.deepEqual(isFile ? readFileSync(file) : undefined, before);
	});
}

test('an empty file becomes a recording', async () => {
	const file = temporaryFile('night.jsonl');
	appendFileSync(file, '');
	await record(file, five);
	assert.deepEqual(outline(await entriesOf(file)), ['session', ...paths]);
});

test('a FIFO and a device are rejected with exit code 2, without waiting', async () => {
	const fifo = temporaryFile('night.jsonl');
	execFileSync('mkfifo', [fifo]);
	for (const file of [fifo, '/dev/null', '/dev/full']) {
		await assert.rejects(openRecorder(file, session), {
			message: `--record ${file} isn't a regular file. Use another file.`,
			exitCode: 2,
		});
	}
});

test('a second recorder for a file is rejected until the first one is closed', {skip: needs('flock')}, async () => {
	for (const name of names) {
		const file = temporaryFile(name);
		const first = await openRecorder(file, session);
		await assert.rejects(openRecorder(file, session), {
			message: `--record ${file} is in use by another loops-top process. Use another file.`,
			exitCode: 2,
		});
		first.keep(() => numbered(1));
		await first.close();
		await record(file, [numbered(2)]);
		assert.deepEqual(outline(await entriesOf(file)), ['session', '/v1/1', 'session', '/v1/2']);
	}
});

test('a recording with a damaged end is rejected, and left unchanged', async () => {
	const file = temporaryFile('night.jsonl.gz');
	await record(file, five);
	appendFileSync(file, 'something else');
	const before = readFileSync(file);
	await assert.rejects(openRecorder(file, session), /is damaged at its end\. Use another file/);
	assert.deepEqual(readFileSync(file), before);
});

const readers = [
	['zcat', 'gzip', ['-dc']],
	['Python', 'python3', ['-c', 'import gzip, sys; sys.stdout.write(gzip.open(sys.argv[1], "rt").read())']],
] as const;

for (const [name, command, args] of readers) {
	test(`${name} reads a recording cut off by a kill, and data appended later`, {skip: needs(command)}, async () => {
		const file = temporaryFile('night.jsonl.gz');
		await record(file, five);
		const whole = readFileSync(file);
		await fc.assert(
			fc.asyncProperty(fc.integer({min: 200, max: whole.length - 1}), fc.nat(40), async (length, zeros) => {
				writeFileSync(file, Buffer.concat([whole.subarray(0, length), Buffer.alloc(zeros)]));
				const isKept = await record(file, [numbered(9)]).then(
					() => true,
					// Zeros within the data of a gzip member look like damage, so the recording might be rejected.
					(error: unknown) => zeros === 0 && assert.fail(String(error)),
				);
				const {status, stdout, stderr} = spawnSync(command, [...args, file], {encoding: 'utf8'});
				assert.ok(!isKept || status === 0, stderr);
				const last = stdout.trimEnd().split('\n').at(-1) ?? '';
				assert.ok(!isKept || last.includes('"path":"/v1/9"'), last);
				const text = stdout.split('\n').filter(Boolean);
				assert.ok(text.every(line => !isKept || line.endsWith('}')));
			}),
			{numRuns: 25},
		);
	});
}

test('if another program empties the file, this is reported, and a new recording begins', async () => {
	for (const name of names) {
		const file = temporaryFile(name);
		const recorder = await openRecorder(file, session);
		let emptied = 0;
		recorder.onEmptied(() => {
			emptied += 1;
		});
		recorder.keep(() => numbered(1));
		await written(file, '/v1/1');
		copyFileSync(file, `${file}.1`);
		truncateSync(file);
		recorder.keep(() => numbered(2));
		await recorder.close();
		assert.deepEqual(outline(await entriesOf(`${file}.1`)), ['session', '/v1/1']);
		assert.deepEqual(outline(await entriesOf(file)), ['session', '/v1/2']);
		assert.equal(emptied, 1);
		assert.equal(recorder.isEmptied(), true);
	}
});

/** Waits until the response for this path is in the file. */
async function written(file: string, path: string): Promise<void> {
	const deadline = Date.now() + 45_000;
	while (!outline(await entriesOf(file)).includes(path)) {
		assert.ok(Date.now() < deadline, `${path} wasn't written`);
		await new Promise(setImmediate);
	}
}
