import assert from 'node:assert/strict';
import {test} from 'node:test';
import {backgroundByVariables, capabilities, colorLevel, remoteVariable} from '../../source/theme/capabilities.ts';

/** Returns a compiled terminfo entry with this `max_colors`, which has 16 or 32 bits. */
function entry(colors: number, bits: 16 | 32 = 16): Uint8Array {
	const names = 'x|a terminal\0';
	const numbers = Array<number>(15).fill(-1).with(13, colors);
	const start = 12 + names.length + 3;
	const bytes = Buffer.alloc(start + (start % 2) + numbers.length * (bits / 8));
	for (const [index, value] of [bits === 16 ? 0o432 : 0o1036, names.length, 3, numbers.length, 0, 0].entries()) {
		bytes.writeInt16LE(value, index * 2);
	}

	bytes.write(names, 12, 'latin1');
	for (const [index, value] of numbers.entries()) {
		const at = start + (start % 2) + index * (bits / 8);
		bits === 16 ? bytes.writeInt16LE(value, at) : bytes.writeInt32LE(value, at);
	}

	return bytes;
}

const files: ReadonlyMap<string, Uint8Array> = new Map([
	['/usr/share/terminfo/o/odd', entry(256)],
	['/usr/share/terminfo/f/few', entry(8)],
	['/usr/share/terminfo/6d/mac', entry(0x1_00_00_00, 32)],
	['/home/ada/.terminfo/b/broken', Buffer.from([0x1a, 0x01, 0xff])],
]);

function readFile(file: string): Uint8Array {
	const found = files.get(file);
	if (found === undefined) {
		throw new Error(`no ${file}`);
	}

	return found;
}

const cases: ReadonlyArray<readonly [environment: Readonly<Record<string, string>>, level: number, from: string]> = [
	[{}, 0, 'no TERM'],
	[{TERM: ''}, 0, 'no TERM'],
	[{TERM: 'dumb', COLORTERM: 'truecolor'}, 0, 'TERM'],
	[{TERM: 'xterm'}, 1, 'TERM'],
	[{TERM: 'xterm-256color'}, 2, 'TERM'],
	[{TERM: 'xterm-256color', COLORTERM: 'truecolor'}, 3, 'COLORTERM'],
	[{TERM: 'xterm', COLORTERM: '24bit'}, 3, 'COLORTERM'],
	[{TERM: 'xterm-direct'}, 3, 'TERM'],
	...[
		'foot',
		'alacritty',
		'mlterm',
		'st',
		'konsole',
		'ghostty',
		'xterm-ghostty',
		'xterm-kitty',
		'foot-extra',
		'st-256color',
	].map(name => [{TERM: name}, 2, 'TERM'] as const),
	...['tmux', 'screen', 'vt220', 'linux', 'eterm-color', 'rxvt-unicode', 'something-new', 'stterm'].map(
		name => [{TERM: name}, 1, 'TERM'] as const,
	),
	[{TERM: 'tmux-256color', TMUX: '/t', COLORTERM: 'truecolor'}, 3, 'COLORTERM'],
	[{TERM: 'screen-256color', TMUX: '/t', COLORTERM: 'truecolor'}, 3, 'COLORTERM'],
	// GNU screen, within a terminal with 16 million colors.
	[{TERM: 'screen', STY: '1.pts', COLORTERM: 'truecolor'}, 2, 'STY'],
	[{TERM: 'screen.xterm-256color', COLORTERM: 'truecolor'}, 2, 'TERM'],
	[{TERM: 'xterm-256color', STY: '1.pts', COLORTERM: 'truecolor'}, 2, 'STY'],
	[{TERM: 'odd'}, 2, 'terminfo'],
	[{TERM: 'few'}, 1, 'TERM'],
	[{TERM: 'mac'}, 2, 'terminfo'],
	[{TERM: 'broken', HOME: '/home/ada'}, 1, 'TERM'],
	[{TERM: '../../etc/passwd'}, 1, 'TERM'],
	[{TERM: 'xterm', FORCE_COLOR: '3'}, 3, 'FORCE_COLOR'],
	[{TERM: 'xterm-256color', FORCE_COLOR: '0'}, 0, 'FORCE_COLOR'],
];

for (const [environment, level, from] of cases) {
	test(`with ${JSON.stringify(environment)}, the color level is ${level} (source: ${from})`, () => {
		assert.deepEqual(colorLevel(environment, readFile), {level, from});
	});
}

test('the variables of ssh and mosh show that keystrokes arrive over a network', () => {
	assert.equal(remoteVariable({TERM: 'xterm'}), undefined);
	assert.equal(remoteVariable({SSH_CONNECTION: ''}), undefined);
	assert.equal(remoteVariable({SSH_TTY: '/dev/pts/1'}), 'SSH_TTY');
	assert.equal(remoteVariable({MOSH_KEY: 'x'}), 'MOSH_KEY');
});

test('the background is known from COLORFGBG or, for the Linux console, from TERM', () => {
	assert.equal(backgroundByVariables({COLORFGBG: '15;0'}), 'dark');
	assert.equal(backgroundByVariables({COLORFGBG: '0;default;15'}), 'light');
	assert.equal(backgroundByVariables({COLORFGBG: '0;default'}), undefined);
	assert.equal(backgroundByVariables({TERM: 'linux'}), 'dark');
	assert.equal(backgroundByVariables({TERM: 'xterm'}), undefined);
});

test('the table of capabilities shows each decision and its source', () => {
	const asked = capabilities({TERM: 'xterm', SSH_TTY: '/dev/pts/1'}, readFile, {background: [1, 1, 1], glyphWidth: 2});
	assert.deepEqual(asked, [
		['terminal', 'xterm', 'TERM'],
		['colors', '16 colors', 'TERM'],
		['background', '#ffffff', 'OSC 11'],
		['block symbols', '2 cells wide: ASCII instead', 'CSI 6n'],
		['multiplexer', 'none', 'TMUX, STY'],
		['escape timeout', '100ms', 'SSH_TTY'],
		['control strings', 'sent', 'TERM'],
	]);
	const silent = capabilities({TERM: 'xterm'}, readFile, {});
	assert.deepEqual(silent[2], ['background', 'unknown', 'no response']);
	assert.deepEqual(capabilities({TERM: 'xterm'}, readFile)[2], ['background', 'unknown', 'not queried']);
});
