import type {Background, ColorLevel} from '../theme/tones.ts';
import type {TerminalVariables} from './clipboard.ts';
import type {OpenTerminal} from './open-terminal.ts';

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
