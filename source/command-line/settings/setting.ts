import type {FlagName} from '../flags.ts';
import type {Parsed} from '../parse-value.ts';

/** Something that a flag, an environment variable and the configuration file can set. */
export type Setting<Value> = {
	/** The key in the file, and the name in --print-config. */
	readonly name: string;
	readonly flag: FlagName;
	readonly variable: `LOOPS_TOP_${string}`;
	/** A switch is true or false in the file, anything else a text or a number. */
	readonly isSwitch: boolean;
	/** A text that could be given. */
	readonly example: string;
	readonly parse: (text: string) => Parsed<Value>;
	readonly show: (value: Value) => string;
	/** What holds when nothing sets it. */
	readonly preset: Value;
};

/** Any of them, where it doesn't matter what its values are. */
export type AnySetting = Omit<Setting<unknown>, 'show'>;
