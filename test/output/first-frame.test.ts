import assert from 'node:assert/strict';
import {test} from 'node:test';
import {drawFirstFrame, type Ends} from '../../source/terminal/frames.ts';

type Fake = {
	readonly written: () => string;
	readonly signal: (name: string) => void;
	readonly exits: readonly number[];
};

function draw(text: string, columns = 80) {
	let written = '';
	const exits: number[] = [];
	const listeners = new Map<string, () => void>();
	const ends: Ends = {
		once: (name, listener) => listeners.set(name, listener),
		off: name => listeners.delete(name),
		exit: code => {
			exits.push(code);
			throw new Error('exit');
		},
	};
	const stdout = {
		columns,
		write(chunk: string | Uint8Array): boolean {
			written += String(chunk);
			return true;
		},
	};
	const frame = drawFirstFrame(stdout, text, ends);
	const fake: Fake = {
		written: () => written,
		signal: name => assert.throws(() => listeners.get(name)?.(), /exit/),
		exits,
	};
	return {frame, fake, listeners};
}

test('the line is drawn on the alternate screen immediately, cleaned and cut to the width of the screen', () => {
	const {fake} = draw('k4q\u001b[31m95w5', 16);
	assert.equal(fake.written(), '\u001b[?1049h\u001b[?25l\u001b[H\u001b[2J loops-top  k4q…');
});

test('the next renderer gets an empty screen, and no signal handlers remain', () => {
	const {frame, fake, listeners} = draw('x');
	frame.handOver();
	assert.ok(fake.written().endsWith('\u001b[H\u001b[J'));
	assert.equal(listeners.size, 0);
	const before = fake.written();
	frame.end();
	assert.equal(fake.written(), before);
});

test('until the handover, a sentence is cut to the width of the screen and shown below the line', () => {
	const {frame, fake} = draw('x', 16);
	const before = fake.written().length;
	frame.say('Waiting for \u001b[2Jthe keyring');
	assert.equal(fake.written().slice(before), '\r\n\r\n Waiting for th…');
	frame.handOver();
	const after = fake.written();
	frame.say('Waiting still');
	assert.equal(fake.written(), after);
});

test('if no renderer follows, the terminal is restored', () => {
	const {frame, fake, listeners} = draw('x');
	frame.end();
	assert.ok(fake.written().endsWith('\u001b[?25h\u001b[?1049l'));
	assert.equal(listeners.size, 0);
});

for (const [signal, code] of [
	['SIGHUP', 129],
	['SIGINT', 130],
	['SIGQUIT', 131],
	['SIGTERM', 143],
] as const) {
	test(`${signal} restores the terminal, and ends the program with exit code ${code}`, () => {
		const {fake} = draw('x');
		fake.signal(signal);
		assert.ok(fake.written().endsWith('\u001b[?25h\u001b[?1049l'));
		assert.deepEqual(fake.exits, [code]);
	});
}
