import assert from 'node:assert/strict';
import {test} from 'node:test';
import {cleanLines} from '../../source/api/clean-text.ts';

const esc = '\u001b';

/** Text that overwrites itself, and what a terminal shows in the end. */
const cases: ReadonlyArray<readonly [what: string, text: string, standing: string]> = [
	['a progress bar', '  0%|   |\r 50%|## |\r100%|###|', '100%|###|'],
	['a progress bar and its line break', ' 50%\r100%\r\ndone', '100%\ndone'],
	['a shorter state over a longer one', 'loading 10\rdone', 'doneing 10'],
	['a state that erases the previous one', `loading 10\r${esc}[Kdone`, 'done'],
	['a state after a line that is erased completely', `loading 10\r${esc}[2Kdone`, 'done'],
	['a state after a line that is erased up to the cursor', `loading 10\b\b${esc}[1Kdone`, '        done'],
	['erased text that is written over', `abcdef\r${esc}[1KAB${esc}[1KC`, '  Cdef'],
	['moves to the left', `loss 0.5${esc}[3D0.4${esc}[D5`, 'loss 0.5'],
	['a move to the start', `10%${esc}[G20%${esc}[1G3`, '30%'],
	['a move to the left beyond the start', `abc${esc}[99Dx`, 'xbc'],
	['a shorter line after a line that is erased completely', `abcdef${esc}[2Kx`, '      x'],
	['backspaces', 'loss 0.5\b\b\b0.4', 'loss 0.4'],
	['more backspaces than there are characters', 'ab\b\b\b\b\bcd', 'cd'],
	['a bar in color', `${esc}[32m 0%${esc}[0m\r${esc}[32m99%${esc}[0m`, '99%'],
	['several carriage returns before a line break', 'a\r\r\nb', 'a\nb'],
	['a carriage return at the end', '42%\r', '42%'],
	['many states', Array.from({length: 5000}, (_, step) => `step ${step}`).join('\r'), 'step 4999'],
];

for (const [what, text, standing] of cases) {
	test(`text with ${what} becomes what a terminal shows in the end`, () => {
		assert.equal(cleanLines(text, 200), standing);
	});
}
