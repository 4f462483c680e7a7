import {colorLevel, type ReadFile, type TerminalEnvironment} from './color-level.ts';
import {isPlainTerminal} from './theme.ts';
import type {Background, Rgb} from './tones.ts';

/** What the terminal has said of itself until now. */
export type Answered = {
	readonly background?: Rgb;
	/** How many cells the glyph of a bar takes; more than one in some terminals of East Asia, or without UTF-8. */
	readonly glyphWidth?: number;
};

/** One thing that was decided about the terminal: what, and what says so. */
export type Capability = readonly [name: string, value: string, from: string];

/** Returns the variable that says that keys come over a network: an escape sequence may then arrive in two packets. */
export function remoteVariable(environment: TerminalEnvironment): string | undefined {
	return Object.keys(environment).find(
		name => environment[name] !== '' && /^(?:SSH_(?:CONNECTION|CLIENT|TTY)|MOSH_\w+)$/.test(name),
	);
}

/** Returns whether a background is known without asking: rxvt and konsole say it in COLORFGBG, and the Linux console is black. */
export function backgroundByVariables({TERM: name, COLORFGBG: colors = ''}: TerminalEnvironment): Background {
	const [, number] = /^\d+;(?:[^;]*;)?(\d+)$/.exec(colors) ?? [];
	if (number !== undefined) {
		return ['7', '15'].includes(number) ? 'light' : ['0', '8'].includes(number) ? 'dark' : undefined;
	}

	return name === 'linux' ? 'dark' : undefined;
}

const levelNames = ['none', '16 colors', '256 colors', '16 million colors'] as const;

/**
 * Returns what was decided about the terminal and why, for --print-config and the debug log: a report of a fault needs it.
 * `answered` is what the terminal said of itself, if it was asked.
 */
export function capabilities(
	environment: TerminalEnvironment,
	readFile: ReadFile,
	answered?: Answered,
): readonly Capability[] {
	const {TERM: name, TMUX: tmux = '', STY: screen = ''} = environment;
	const {level, from} = colorLevel(environment, readFile);
	const remote = remoteVariable(environment);
	const isPlain = isPlainTerminal(name);
	return [
		['terminal', name ?? 'unknown', name === undefined ? 'no TERM' : 'TERM'],
		['colors', levelNames[level], from],
		backgroundRow(environment, answered),
		answered?.glyphWidth === undefined
			? ['block symbols', 'assumed to be one cell wide', answered === undefined ? 'not asked' : 'no answer']
			: [
					'block symbols',
					answered.glyphWidth === 1 ? 'one cell wide' : `${answered.glyphWidth} cells wide: ASCII instead`,
					'CSI 6n',
				],
		[
			'inside of',
			tmux === '' ? (screen === '' ? 'nothing' : 'GNU screen') : 'tmux',
			tmux === '' ? (screen === '' ? 'TMUX, STY' : 'STY') : 'TMUX',
		],
		['escape waits', remote === undefined ? '25ms' : '100ms', remote ?? 'no SSH_*, MOSH_*'],
		['control strings', isPlain ? 'not sent' : 'sent', 'TERM'],
	];
}

function backgroundRow(environment: TerminalEnvironment, answered: Answered | undefined): Capability {
	if (answered?.background !== undefined) {
		const hex = answered.background
			.map(share =>
				Math.round(share * 255)
					.toString(16)
					.padStart(2, '0'),
			)
			.join('');
		return ['background', `#${hex}`, 'OSC 11'];
	}

	const known = backgroundByVariables(environment);
	if (known !== undefined) {
		return ['background', known, environment['COLORFGBG'] === undefined ? 'TERM' : 'COLORFGBG'];
	}

	return ['background', 'unknown', answered === undefined ? 'not asked' : 'no answer'];
}
