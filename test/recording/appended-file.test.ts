import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Appendable, AppendedFile} from '../../source/recording/appended-file.ts';

/** Returns a file in memory whose disk takes `room` bytes, a few at a time, and then fails with this code. */
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

test('on a full disk, writing stops, reports why once, and leaves no partial text', async () => {
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

test('strings that wait for a write are written together', async () => {
	const {handle, content} = fullDisk(100, 'EIO');
	const file = new AppendedFile({file: 'a', handle, encode: async text => Buffer.from(`[${text}]`)});
	for (const text of ['a', 'b', 'c']) {
		file.write(text);
	}

	await file.close();
	assert.equal(content(), '[a][bc]');
});

test("a file system that doesn't respond isn't waited for", async () => {
	let closed = false;
	const never = new Promise<never>(() => undefined);
	for (const hangs of ['stat', 'write'] as const) {
		const {handle} = fullDisk(100, 'EIO');
		const close = async (): Promise<void> => {
			closed = true;
		};
		const file = new AppendedFile({file: 'night.jsonl', handle: {...handle, [hangs]: async () => never, close}});
		file.write('a');
		const begun = performance.now();
		await file.close();
		const tookMs = performance.now() - begun;
		assert.ok(tookMs < 1500, `${tookMs} ms`);
		assert.equal(file.stopped(), "the file system doesn't respond (night.jsonl)");
		assert.equal(file.isHung(), true);
		// Closing it would also wait.
		assert.equal(closed, false);
	}
});
