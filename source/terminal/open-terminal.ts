import {isPlainTerminal, symbols} from '../theme/theme.ts';
import type {Background, ColorLevel} from '../theme/tones.ts';
import type {TerminalVariables} from './clipboard.ts';
import {createPacedOutput, createPacing, enterScreen, leaveScreen, type Pacing} from './frames.ts';
import {createKeyboard, createMouse, type KeySource, type Mouse, mouseOn} from './keyboard.ts';
import {
	type Answers,
	backgroundQuery,
	createAnswers,
	createQueries,
	cursorQuery,
	type Report,
	statusQuery,
} from './queries.ts';

/** The properties of the terminal, and how the program uses it. */
type TerminalUse = {
	/** The name of the terminal: TERM. */
	readonly name: string | undefined;
	/** Whether keystrokes arrive over a network, possibly in pieces. */
	readonly isRemote: boolean;
	/** Whether the terminal is GNU screen, which responds out of order. */
	readonly isScreen: boolean;
	readonly mouse: boolean;
	/** Whether the program needs the color of the background, and the width of a non-ASCII glyph. */
	readonly asks: {readonly background: boolean; readonly glyph: boolean};
	/** Called for ctrl-c while there is no screen yet. */
	readonly onInterrupt: () => void;
};

/** The terminal while the program uses it. No other code reads from it, queries it, or changes its modes. */
type OpenTerminal = {
	/** Undefined if standard input isn't a terminal. */
	readonly keys: KeySource | undefined;
	readonly mouse: Mouse | undefined;
	/** The destination of frames. */
	readonly output: NodeJS.WriteStream;
	readonly pacing: Pacing;
	readonly answers: Answers;
	/**
	 * Hands the terminal over to the shell while `stop` stops the process, and then takes it back. Returns the result
	 * of `stop`.
	 */
	readonly lend: (stop: () => Promise<boolean>) => Promise<boolean>;
	/** Sets all modes again, in case another program has changed them. */
	readonly takeBack: () => void;
	/** Stops drawing, and reads until no response is pending. */
	readonly settle: () => Promise<void>;
	/** Calls `settle`, and then restores the terminal, unless it has already been restored. */
	readonly giveBack: () => Promise<void>;
};

/**
 * The time to wait for the rest of a sequence after an escape, in milliseconds. Locally, the rest arrives
 * immediately; over a network, it can arrive in a separate packet.
 */
const escapeMs = {local: 25, remote: 100} as const;

/**
 * The sequence that turns on bracketed paste, in which the terminal marks pasted text, so that it isn't interpreted as
 * keystrokes.
 */
const pasteOn = '\u001B[?2004h';

/**
 * The sequence that draws a glyph at the start of a row, queries the cursor position after it, and clears the row.
 * Because it is written in one piece, none of this is visible.
 */
const glyphQuery = `\u001B[2;1H${symbols.bar}${cursorQuery}\r\u001B[K\u001B[1;1H`;

/** Starts reading from a terminal, sets its modes, and sends it the queries that the program needs. */
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
	let awaitsGlyph = false;
	const onReport = (report: Report): void => {
		switch (report.kind) {
			case 'mouse':
				mouse?.notify(report.event);
				break;
			case 'background':
				queries.responded('background');
				answers.set({background: report.color});
				break;
			case 'cursor':
				// The response to the query for the glyph comes first, even if it is late.
				if (awaitsGlyph) {
					awaitsGlyph = false;
					queries.responded('glyph');
					answers.set({glyphWidth: report.column - 1});
					break;
				}

				// Emacs responds to the status query with a cursor report.
				statusAnswered();
				break;
			case 'status':
				statusAnswered();
				break;
		}
	};
	const statusAnswered = (): void => {
		queries.responded('status');
		pacing.responded();
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
			awaitsGlyph = queries.ask('glyph', glyphQuery);
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

/** A picture of the screen: an SVG, its text, and the watch target, which is part of the file name. */
export type Picture = {readonly svg: string; readonly text: string; readonly name: string};

/** The terminal that the program runs in. */
export type Terminal = {
	readonly open: OpenTerminal;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly variables: TerminalVariables;
	/** The number of colors that the terminal shows. */
	readonly level: ColorLevel;
	/** Whether the terminal's background is dark or light; undefined if that isn't known without a query. */
	readonly background: Background;
	/** Stops the process until the shell continues it. Resolves with false if it can't be stopped here. */
	readonly suspend: () => Promise<boolean>;
	/**
	 * Calls the listener whenever the terminal might no longer show the last frame, such as after a stop. Returns a
	 * function that unsubscribes it.
	 */
	readonly onRedrawNeeded: (listener: () => void) => () => void;
	/** Removes the first frame, which was drawn before there was anything else to show. */
	readonly takeOver: () => void;
	/** Registers an action that runs before a signal ends the program. */
	readonly beforeEnding: (giveBack: () => Promise<void>) => void;
	/**
	 * Writes a picture of the screen to a file, and returns a clause that names the file or the error. Never rejects.
	 */
	readonly savePicture: (picture: Picture) => Promise<string>;
	/** Rejects with an error that isn't caught elsewhere, which is a bug. */
	readonly crashed: Promise<never>;
};
