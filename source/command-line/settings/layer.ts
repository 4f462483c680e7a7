import {type Environment, readVariable} from '../../credentials/environment.ts';
import {usageError} from '../../errors/usage-error.ts';
import type {Arguments} from '../arguments.ts';
import {isDumb, symbolsOfTerminal} from './environment.ts';
import type {AnySetting} from './setting.ts';
import {settings} from './settings.ts';
import {splitThresholds} from './threshold-list.ts';

/** The text of a setting, and its source as --print-config shows it. */
export type Provided = {readonly text: string; readonly from: string};

/** The settings of one source, by name. Each text can be parsed by its setting. */
export type Layer = ReadonlyMap<string, Provided>;

/** `where` starts the error message. */
type Found = Provided & {readonly setting: AnySetting; readonly where: string};

/**
 * Reads one source of settings.
 *
 * @throws UserError with one sentence per error
 */
export function readFlags({flags: given, values}: Arguments): Layer {
	const symbols = values.get('symbols');
	if (given.has('ascii') && symbols !== undefined && symbols !== 'ascii') {
		throw usageError('--ascii and --symbols contradict each other. Use one of them.');
	}

	const found: Found[] = [];
	for (const setting of Object.values(settings)) {
		const {flag, isSwitch} = setting;
		const text = isSwitch && given.has(flag) ? 'true' : values.get(flag);
		if (text !== undefined) {
			found.push({setting, text, where: `--${flag}`, from: `flag --${flag}`});
		}
	}

	if (given.has('ascii')) {
		found.push({setting: settings.symbols, text: 'ascii', where: '--ascii', from: 'flag --ascii'});
	}

	return createLayer(found, values.get('threshold'), '--threshold', 'flag --threshold');
}

/**
 * Reads one source of settings.
 *
 * @throws UserError with one sentence per error
 */
export function readEnvironment(environment: Environment): Layer {
	const found: Found[] = [];
	for (const setting of Object.values(settings)) {
		const {variable} = setting;
		const text = readVariable(environment, variable);
		if (text !== undefined) {
			found.push({setting, text, where: variable, from: variable});
		}
	}

	const list = 'LOOPS_TOP_THRESHOLD';
	return createLayer(found, readVariable(environment, list), list, list);
}

/**
 * Returns the defaults that depend on the terminal: its locale and TERM. Every other source overrides them. A dumb
 * terminal can't draw a screen.
 */
export function readTerminal(environment: Environment): Layer {
	const plain = isDumb(environment) ? [[settings.plain.name, {text: 'true', from: 'TERM'}] as const] : [];
	return new Map<string, Provided>([[settings.symbols.name, symbolsOfTerminal(environment)], ...plain]);
}

function createLayer(found: readonly Found[], list: string | undefined, where: string, from: string): Layer {
	const {parts, mistakes} = splitThresholds(list);
	const all = [...found, ...parts.map(({setting, text}) => ({setting, text, where: `${where} ${setting.name}`, from}))];
	const sentences = [
		...all.flatMap(({setting, text, where}) => {
			const parsed = setting.parse(text);
			return 'mistake' in parsed ? [`${where} ${parsed.mistake}`] : [];
		}),
		...mistakes.map(mistake => `${where} ${mistake}`),
	];
	if (sentences.length > 0) {
		throw usageError(sentences.join('\n'));
	}

	return new Map(all.map(({setting, text, from}) => [setting.name, {text, from}]));
}
