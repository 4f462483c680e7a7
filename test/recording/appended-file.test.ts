import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import * as fs from 'node:fs/promises';
import {test} from 'node:test';
import {type Appendable, AppendedFile, openToAppend} from '../../source/recording/appended-file.ts';
import {temporaryFile} from '../helpers/temporary-folder.ts';

/** Returns a file in memory whose disk accepts `room` bytes, a few at a time. Further writes fail with this code. */
function fullDisk(room: number, code: string): {readonly handle: Appendable; readonly content: () => string} {
	let content = '';
	const handle: Appendable = {
		stat: async () => ({size: content.length}),
		async write(bytes, from) {
			const text = bytes.toString('utf8', from, from + Math.min(4, room - content.length));
			if (text === '') {
				throw Object.assign(new Error('no'), {code});
			}

			content += text;
			return {bytesWritten: text.length};
		},
		async truncate(length) {
			content = content.slice(0, length);
		},
		close: async () => undefined,
	};
	return {handle, content: () => content};
}

test('on a full disk, writing stops, the reason is reported once, and no partial text remains', async () => {
	const {handle, content} = fullDisk(13, 'ENOSPC');
	const file = new AppendedFile({file: 'night.jsonl', handle});
	const heard: string[] = [];
	const stopped = new Promise<void>(resolve => {
		file.onStopped(why => {
			heard.push(why);
			resolve();
		});
	});
	file.write('0123456789');
	await Promise.resolve();
	file.write('abcdef');
	await stopped;
	file.write('more');
	await file.close();
	assert.deepEqual(heard, ['the disk is full (night.jsonl)']);
	assert.equal(file.stopped(), heard[0]);
	assert.equal(content(), '0123456789');
	assert.equal(file.isHung(), false);
});

test("once the file is deleted, writing stops, unless its file system doesn't count links", async () => {
	for (const [names, stopped, written] of [
		[[1, 1, 0], 'the file was deleted (night.jsonl)', 'ab'],
		[[2, 1, 1], undefined, 'abc'],
		[[0, 0, 0], undefined, 'abc'],
	] as const) {
		const {handle, content} = fullDisk(100, 'EIO');
		const left = [...names];
		const stat: Appendable['stat'] = async () => ({...(await handle.stat()), nlink: left.shift() ?? 0});
		const file = new AppendedFile({file: 'night.jsonl', handle: {...handle, stat}});
		for (const text of ['a', 'b', 'c']) {
			file.write(text);
			await new Promise(setImmediate);
		}

		await file.close();
		assert.equal(file.stopped(), stopped);
		assert.equal(content(), written);
	}
});

test('strings that arrive during a write are written together after it', async () => {
	const {handle, content} = fullDisk(100, 'EIO');
	const file = new AppendedFile({file: 'a', handle, encode: async text => Buffer.from(`[${text}]`)});
	for (const text of ['a', 'b', 'c']) {
		file.write(text);
	}

	await file.close();
	assert.equal(content(), '[a][bc]');
});

test("closing a file waits at most 1 s for a file system that doesn't respond", async context => {
	let nowMs = 0;
	context.mock.method(performance, 'now', () => nowMs);
	context.mock.timers.enable({apis: ['setTimeout']});
	const pass = async (ms: number): Promise<void> => {
		for (let passed = 0; passed < ms; passed++) {
			context.mock.timers.tick(1);
			await new Promise(setImmediate);
		}
	};
	const never = new Promise<never>(() => undefined);
	for (const hangs of ['stat', 'write'] as const) {
		for (const [hungForMs, waitMs] of [
			[0, 1000],
			[400, 600],
			[60_000, 100],
		] as const) {
			const close = async (): Promise<void> => assert.fail('the handle was closed, which would also wait');
			const {handle} = fullDisk(100, 'EIO');
			const file = new AppendedFile({file: 'night.jsonl', handle: {...handle, [hangs]: async () => never, close}});
			file.write('a');
			nowMs += hungForMs;
			let isClosed = false;
			void file.close().then(() => {
				isClosed = true;
			});
			await pass(waitMs - 1);
			assert.equal(isClosed, false);
			await pass(1);
			assert.equal(isClosed, true);
			assert.equal(file.stopped(), "the file system doesn't respond (night.jsonl)");
			assert.equal(file.isHung(), true);
		}
	}
});

test("a machine that is too busy to run the program isn't mistaken for an unresponsive file system", async () => {
	/** Blocks the event loop for this long, as if the program had to wait for a CPU. */
	const late = async (ms: number): Promise<void> => {
		await new Promise(setImmediate);
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
	};
	const {handle, content} = fullDisk(100, 'EIO');
	const busy: Appendable = {
		...handle,
		async stat() {
			await late(1100);
			return handle.stat();
		},
		async write(bytes, from) {
			await late(60);
			return handle.write(bytes, from);
		},
	};
	const file = new AppendedFile({file: 'night.jsonl', handle: busy});
	file.write('0123456789ab');
	await new Promise(setImmediate);
	await file.close();
	assert.equal(content(), '0123456789ab');
	assert.deepEqual([file.stopped(), file.isHung()], [undefined, false]);
});

const irregular = {message: /^--record .* isn't a regular file\. Use another file\.$/, exitCode: 2};

test("a FIFO or a device isn't opened, because opening it could block or have side effects", async () => {
	const fifo = temporaryFile('fifo');
	execFileSync('mkfifo', [fifo]);
	const open = (): never => assert.fail('the file was opened');
	for (const file of [fifo, '/dev/null']) {
		await assert.rejects(openToAppend('record', file, {open, stat: fs.stat}), irregular);
	}
});

test('if a file is replaced by a FIFO or a device before it is opened, it is rejected and closed', async () => {
	const fifo = temporaryFile('fifo');
	execFileSync('mkfifo', [fifo]);
	for (const file of [fifo, '/dev/null']) {
		const opened: fs.FileHandle[] = [];
		const open: typeof fs.open = async (...args) => {
			const handle = await fs.open(...args);
			opened.push(handle);
			return handle;
		};
		// `stat` doesn't notice that the file is irregular, because it checks a path that doesn't exist.
		await assert.rejects(openToAppend('record', file, {open, stat: async () => fs.stat(`${fifo}.gone`)}), irregular);
		// A closed handle has no descriptor.
		assert.deepEqual(
			opened.map(({fd}) => fd),
			[-1],
		);
	}
});
