import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {clipboardSequence, type TerminalVariables} from '../../source/terminal/clipboard.ts';

const data = Buffer.from('loops-trainer-2').toString('base64');
const plain = `\u001B]52;c;${data}\u0007`;
const forTmux = `\u001BPtmux;\u001B\u001B]52;c;${data}\u0007\u001B\\`;
const forScreen = `\u001BP${plain}\u001B\\`;

const cases: ReadonlyArray<readonly [what: string, variables: TerminalVariables, sequence: string | undefined]> = [
	['a terminal', {TERM: 'xterm-256color'}, plain],
	['a terminal whose tmux was left', {TERM: 'xterm-256color', TMUX: '', STY: ''}, plain],
	['tmux', {TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0'}, plain + forTmux],
	['tmux that says it is screen', {TERM: 'screen-256color', TMUX: '/tmp/tmux-0/default,1,0'}, plain + forTmux],
	['tmux on the other side of ssh', {TERM: 'tmux-256color'}, plain + forTmux],
	['screen', {TERM: 'screen.xterm-256color', STY: '1.pts-0.host'}, forScreen],
	['screen that says it is xterm', {TERM: 'xterm', STY: '1.pts-0.host'}, forScreen],
	['screen on the other side of ssh', {TERM: 'screen'}, forScreen],
	['the console of Linux', {TERM: 'linux'}, undefined],
	['a dumb terminal', {TERM: 'dumb'}, undefined],
	['a terminal without a name', {}, undefined],
];

for (const [what, variables, sequence] of cases) {
	test(`${what} is reported ${sequence === undefined ? 'nothing' : JSON.stringify(sequence)}`, () => {
		assert.equal(clipboardSequence('loops-trainer-2', variables), sequence);
	});
}

test('a text that is longer than terminals take is not sent', () => {
	assert.notEqual(clipboardSequence('x'.repeat(56_244), {TERM: 'xterm'}), undefined);
	assert.equal(clipboardSequence('x'.repeat(56_248), {TERM: 'xterm'}), undefined);
});

test('whatever the text is, nothing of it is a command, and screen gets it in pieces that are short enough', () => {
	fc.assert(
		fc.property(fc.string({unit: 'binary', maxLength: 3000}), text => {
			const sequence = clipboardSequence(text, {TERM: 'xterm'}) ?? assert.fail();
			// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for.
			const [, encoded = ''] = /^\u001B\]52;c;([A-Za-z0-9+/=]*)\u0007$/.exec(sequence) ?? assert.fail(sequence);
			assert.equal(Buffer.from(encoded, 'base64').toString(), Buffer.from(text).toString());
			const wrapped = clipboardSequence(text, {TERM: 'screen'}) ?? assert.fail();
			const pieces = wrapped.split('\u001B\\').slice(0, -1);
			assert.ok(pieces.every(piece => piece.startsWith('\u001BP') && piece.length <= 514));
			assert.equal(pieces.map(piece => piece.slice(2)).join(''), sequence);
		}),
	);
});
