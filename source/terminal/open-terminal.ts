import {isPlainTerminal, symbols} from '../theme/theme.ts';
import type {Background, ColorLevel} from '../theme/tones.ts';
import type {TerminalVariables} from './clipboard.ts';
import {enterScreen, leaveScreen} from './first-frame.ts';
import {createKeyboard, createMouse, type KeySource, type Mouse, mouseOn} from './keyboard.ts';
import {createPacedOutput, createPacing, type Pacing} from './pacing.ts';
import {
	type Answers,
	backgroundQuery,
	createAnswers,
	createQueries,
	cursorQuery,
	type Report,
	statusQuery,
} from './queries.ts';

/** What the terminal is used for, and by which program's rules. */
type TerminalUse = {
	/** The name of the terminal: TERM. */
	readonly name: string | undefined;
	/** Whether keys come over a network, and may arrive in pieces. */
	readonly isRemote: boolean;
	/** Whether it is GNU screen, which doesn't answer in order. */
	readonly isScreen: boolean;
	readonly mouse: boolean;
	/** Whether the color of the background, and the width of a glyph that isn't ASCII, make a difference. */
	readonly asks: {readonly background: boolean; readonly glyph: boolean};
	/** Called for ctrl-c while there is no screen yet. */
	readonly onInterrupt: () => void;
};

/** The terminal while the program has it. Nothing else reads it, asks it anything, or changes its modes. */
type OpenTerminal = {
	/** Undefined if standard input isn't a terminal. */
	readonly keys: KeySource | undefined;
	readonly mouse: Mouse | undefined;
	/** What frames are written to. */
	readonly output: NodeJS.WriteStream;
	readonly pacing: Pacing;
	readonly answers: Answers;
	/** Lends the terminal to the shell while `stop` stops the process, and takes it back. Returns what `stop` returns. */
	readonly lend: (stop: () => Promise<boolean>) => Promise<boolean>;
	/** Sets all modes again, whatever another program has made of them. */
	readonly takeBack: () => void;
	/** Draws nothing more, and reads until no answer is on its way. */
	readonly settle: () => Promise<void>;
	/** Gives the terminal back as it was, after `settle`. Does nothing the second time. */
	readonly giveBack: () => Promise<void>;
};

/** After an escape the rest of a sequence comes at once; over a network it may come in a packet of its own. */
const escapeMs = {local: 25, remote: 100} as const;

/** Bracketed paste: a terminal marks what is pasted, so that it isn't taken for keys. */
const pasteOn = '\u001B[?2004h';

/** A glyph at the start of a row, the query where the cursor is after it, and the row as it was: in one write it isn't seen. */
const glyphQuery = `\u001B[2;1H${symbols.bar}${cursorQuery}\r\u001B[K\u001B[1;1H`;

/** Begins to read a terminal, sets its modes, and asks it what the program needs to know of it. */
export function openTerminal(
	stdin: NodeJS.ReadStream,
	stdout: NodeJS.WriteStream,
	{name, isRemote, isScreen, mouse: hasMouse, asks, onInterrupt}: TerminalUse,
): OpenTerminal {
	const mouse = hasMouse ? createMouse() : undefined;
	const queries = createQueries(text => stdout.write(text), !isScreen);
	const pacing = createPacing(() => queries.ask('status', statusQuery));
	const {output, leave} = createPacedOutput(stdout, pacing);
	const answers = createAnswers();
	const onReport = (report: Report): void => {
		switch (report.kind) {
			case 'mouse':
				mouse?.notify(report.event);
				break;
			case 'background':
				queries.answered('background');
				answers.set({background: report.color});
				break;
			case 'cursor':
				if (queries.isPending('glyph')) {
					queries.answered('glyph');
					answers.set({glyphWidth: report.column - 1});
					break;
				}

				// Emacs answers the query for the status with a report of the cursor.
				statusAnswered();
				break;
			case 'status':
				statusAnswered();
				break;
		}
	};
	const statusAnswered = (): void => {
		queries.answered('status');
		pacing.answered();
	};
	const keyboard =
		stdin.isTTY === true
			? createKeyboard(stdin, {escapeMs: isRemote ? escapeMs.remote : escapeMs.local, onReport, onInterrupt})
			: undefined;
	const inputModes = keyboard === undefined ? '' : pasteOn + (hasMouse ? mouseOn : '');
	if (keyboard !== undefined) {
		keyboard.start();
		stdout.write(inputModes);
		if (asks.background && !isPlainTerminal(name)) {
			queries.ask('background', backgroundQuery);
		}

		if (asks.glyph) {
			queries.ask('glyph', glyphQuery);
		}

		pacing.begin();
	}

	let isGivenBack = false;
	const settle = async (): Promise<void> => {
		queries.hold();
		keyboard?.ignore();
		leave();
		await queries.settled();
	};
	const takeBack = (): void => {
		keyboard?.start();
		stdout.write(enterScreen + inputModes);
	};
	return {
		keys: keyboard,
		mouse,
		output,
		pacing,
		answers,
		async lend(stop) {
			queries.hold();
			await queries.settled();
			keyboard?.stop();
			stdout.write(leaveScreen);
			try {
				return await stop();
			} finally {
				takeBack();
				queries.release();
			}
		},
		takeBack,
		settle,
		async giveBack() {
			try {
				await settle();
			} finally {
				if (!isGivenBack) {
					isGivenBack = true;
					keyboard?.stop();
					stdout.write(leaveScreen);
				}
			}
		},
	};
}

/** A picture of the screen: an SVG, its text, and what is watched, for its name. */
export type Picture = {readonly svg: string; readonly text: string; readonly name: string};

/** The terminal that the program runs in. */
export type Terminal = {
	readonly open: OpenTerminal;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly variables: TerminalVariables;
	/** How many colors it shows. */
	readonly level: ColorLevel;
	/** What is known of its background without asking. */
	readonly background: Background;
	/** Stops the process until the shell lets it continue. Resolves with false if it can't be stopped here. */
	readonly suspend: () => Promise<boolean>;
	/** Calls the listener whenever the process continues after a stop. Returns the function that ends this. */
	readonly onContinued: (listener: () => void) => () => void;
	/** Takes away what was drawn before there was anything to show. */
	readonly takeOver: () => void;
	/** Has something done when a signal asks the program to end, before it does. */
	readonly beforeEnding: (giveBack: () => Promise<void>) => void;
	/** Writes a picture of the screen into a file, and returns a sentence that says where, or why not. Never rejects. */
	readonly savePicture: (picture: Picture) => Promise<string>;
	/** Rejects with a bug that nobody else catches. */
	readonly crashed: Promise<never>;
};
