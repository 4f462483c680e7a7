import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readAppearance} from '../../source/config/appearance.ts';

const utf8 = {LANG: 'en_US.UTF-8'};

for (const [what, environment, color] of [
	['nothing is set', {}, 'auto'],
	['NO_COLOR is empty', {NO_COLOR: ''}, 'auto'],
	['NO_COLOR is set', {NO_COLOR: '1'}, 'none'],
	['NO_COLOR is set to 0', {NO_COLOR: '0'}, 'none'],
	['the terminal is dumb', {TERM: 'dumb'}, 'none'],
	['the terminal is not', {TERM: 'xterm-256color'}, 'auto'],
] as const) {
	test(`readAppearance has color ${color} where ${what}`, () => {
		assert.equal(readAppearance({environment, noColor: false, ascii: false}).color, color);
	});
}

for (const [environment, symbols] of [
	[{LANG: 'en_US.UTF-8'}, 'block'],
	[{LANG: 'C.UTF-8'}, 'block'],
	[{LANG: 'de_CH.utf8'}, 'block'],
	[{LC_CTYPE: 'UTF-8'}, 'block'],
	[{LANG: 'C'}, 'ascii'],
	[{LANG: 'POSIX'}, 'ascii'],
	[{LANG: 'en_US'}, 'ascii'],
	[{LANG: 'en_US.ISO-8859-1'}, 'ascii'],
	[{LC_ALL: 'C', LANG: 'en_US.UTF-8'}, 'ascii'],
	[{LC_ALL: 'C', LC_CTYPE: 'en_US.UTF-8'}, 'ascii'],
	[{LC_CTYPE: 'C', LANG: 'en_US.UTF-8'}, 'ascii'],
	[{LC_ALL: 'C.UTF-8', LANG: 'C'}, 'block'],
	[{LC_ALL: '', LC_CTYPE: '', LANG: 'en_US.UTF-8'}, 'block'],
	[{}, 'block'],
	[{LANG: ''}, 'block'],
	[{TMUX: '/tmp/tmux-1000/default,1,0'}, 'ascii'],
	[{STY: '1.pts-0.host'}, 'ascii'],
	[{TMUX: '/tmp/tmux-1000/default,1,0', LANG: 'en_US.UTF-8'}, 'block'],
	[{TERM: 'dumb', ...utf8}, 'ascii'],
	[{TERM: 'linux', ...utf8}, 'ascii'],
	[{TERM: 'tmux-256color', ...utf8}, 'block'],
] as const) {
	test(`readAppearance has ${symbols} symbols with ${JSON.stringify(environment)}`, () => {
		assert.equal(readAppearance({environment, noColor: false, ascii: false}).symbols, symbols);
	});
}

test('readAppearance lets the flags decide', () => {
	assert.deepEqual(readAppearance({environment: utf8, noColor: true, ascii: true}), {color: 'none', symbols: 'ascii'});
	assert.deepEqual(readAppearance({environment: utf8, noColor: false, ascii: true}), {color: 'auto', symbols: 'ascii'});
});
