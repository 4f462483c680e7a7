import type {FlagName} from '../flags.ts';
import type {Parsed} from '../parse-value.ts';

/** A setting that a flag, an environment variable and the configuration file can set. */
export type Setting<Value> = {
	/** The key in the file, and the name in --print-config. */
	readonly name: string;
	readonly flag: FlagName;
	readonly variable: `LOOPS_TOP_${string}`;
	/** Whether the value in the file is true or false; otherwise it is a text or a number. */
	readonly isSwitch: boolean;
	/** A valid text. */
	readonly example: string;
	readonly parse: (text: string) => Parsed<Value>;
	readonly show: (value: Value) => string;
	/** The default. */
	readonly preset: Value;
};

/** Any setting, whatever its type of value. */
export type AnySetting = Omit<Setting<unknown>, 'show'>;
