import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {test} from 'node:test';
import {createPacing} from '../../source/terminal/pacing.ts';
import {readAnswers} from '../../source/terminal/read-answers.ts';
import {withoutReports} from '../../source/terminal/reports.ts';

/** A keyboard that is nobody's any more, and tells what became of it. */
class Keyboard extends EventEmitter {
	readonly modes: boolean[] = [];
	#pending: string[] = [];

	type(keys: string): void {
		this.#pending.push(keys);
		this.emit('readable');
	}

	read(): string | null {
		return this.#pending.shift() ?? null;
	}

	setRawMode(isRaw: boolean): void {
		this.modes.push(isRaw);
	}
}

function open() {
	const keyboard = new Keyboard();
	const pacing = createPacing(() => undefined);
	const stdin = withoutReports(keyboard as unknown as NodeJS.ReadStream, () => pacing.answered(), undefined);
	return {keyboard, pacing, stdin};
}

test('an answer that is under way is read before the terminal is the shell’s, and nothing is after it', async () => {
	const {keyboard, pacing, stdin} = open();
	pacing.begin();
	const read = readAnswers(stdin, pacing);
	assert.deepEqual(keyboard.modes, [true]);
	keyboard.type('held keys');
	assert.equal(pacing.isAwaiting(), true);
	keyboard.type('\u001b[0n');
	await read;
	assert.equal(pacing.isAwaiting(), false);
	assert.deepEqual(keyboard.modes, [true, false]);
	assert.equal(keyboard.listenerCount('readable'), 0);
});

test('where no answer is under way nothing is read', async () => {
	const {keyboard, pacing, stdin} = open();
	await readAnswers(stdin, pacing);
	assert.deepEqual(keyboard.modes, []);
	assert.equal(keyboard.listenerCount('readable'), 0);
});
