import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readColor, symbolsOfTerminal} from '../../../source/command-line/settings/environment.ts';

const utf8 = {LANG: 'en_US.UTF-8'};

for (const [what, environment, noColor, value, from] of [
	['nothing is set', {}, false, 'auto', 'default'],
	['NO_COLOR is empty', {NO_COLOR: ''}, false, 'auto', 'default'],
	['NO_COLOR is set', {NO_COLOR: '1'}, false, 'none', 'NO_COLOR'],
	['NO_COLOR is set to 0', {NO_COLOR: '0'}, false, 'none', 'NO_COLOR'],
	['the terminal is dumb', {TERM: 'dumb'}, false, 'none', 'TERM'],
	['the terminal is not', {TERM: 'xterm-256color'}, false, 'auto', 'default'],
	['--no-color is given', {NO_COLOR: '1', TERM: 'dumb'}, true, 'none', 'flag --no-color'],
] as const) {
	test(`readColor is ${value} because of ${from} where ${what}`, () => {
		assert.deepEqual(readColor(environment, noColor), {value, from});
	});
}

for (const [environment, symbols] of [
	[{LANG: 'en_US.UTF-8'}, 'braille'],
	[{LANG: 'C.UTF-8'}, 'braille'],
	[{LANG: 'de_CH.utf8'}, 'braille'],
	[{LC_CTYPE: 'UTF-8'}, 'braille'],
	[{LANG: 'C'}, 'ascii'],
	[{LANG: 'POSIX'}, 'ascii'],
	[{LANG: 'en_US'}, 'ascii'],
	[{LANG: 'en_US.ISO-8859-1'}, 'ascii'],
	[{LC_ALL: 'C', LANG: 'en_US.UTF-8'}, 'ascii'],
	[{LC_ALL: 'C', LC_CTYPE: 'en_US.UTF-8'}, 'ascii'],
	[{LC_CTYPE: 'C', LANG: 'en_US.UTF-8'}, 'ascii'],
	[{LC_ALL: 'C.UTF-8', LANG: 'C'}, 'braille'],
	[{LC_ALL: '', LC_CTYPE: '', LANG: 'en_US.UTF-8'}, 'braille'],
	[{}, 'braille'],
	[{LANG: ''}, 'braille'],
	[{TMUX: '/tmp/tmux-1000/default,1,0'}, 'ascii'],
	[{STY: '1.pts-0.host'}, 'ascii'],
	[{TMUX: '/tmp/tmux-1000/default,1,0', LANG: 'en_US.UTF-8'}, 'braille'],
	[{TERM: 'dumb', ...utf8}, 'ascii'],
	[{TERM: 'linux', ...utf8}, 'ascii'],
	[{TERM: 'eterm-color', ...utf8}, 'ascii'],
	[{TERM: 'mlterm', ...utf8}, 'block'],
	[{VIMRUNTIME: '/usr/share/nvim/runtime', NVIM: '/tmp/nvimwtrb3T/0', ...utf8}, 'ascii'],
	[{VIMRUNTIME: '/usr/share/vim/vim90', ...utf8}, 'braille'],
	[{TERM: 'tmux-256color', ...utf8}, 'braille'],
] as const) {
	test(`symbolsOfTerminal is ${symbols} with ${JSON.stringify(environment)}`, () => {
		assert.equal(symbolsOfTerminal(environment).text, symbols);
	});
}

test('symbolsOfTerminal says what it goes by', () => {
	assert.equal(symbolsOfTerminal(utf8).from, 'locale');
	assert.equal(symbolsOfTerminal({TERM: 'linux', ...utf8}).from, 'TERM');
});
