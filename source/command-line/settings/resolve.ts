import {cleanText} from '../../api/clean-text.ts';
import {type Environment, readVariable} from '../../credentials/host-environment.ts';
import {usageError} from '../../errors/user-error.ts';
import type {RuleName} from '../../metrics/findings.ts';
import {defaultThresholds, type Thresholds} from '../../metrics/thresholds.ts';
import type {Arguments} from '../arguments.ts';
import {type Parsed, parseDuration, quote, showDuration} from '../parse-value.ts';
import {type AnySetting, isDumb, type Setting, settings, symbolsOfTerminal} from './settings.ts';

const shortestMs = 60_000;
const longestMs = 86_400_000;

const common = {flag: 'threshold', variable: 'LOOPS_TOP_THRESHOLD', isSwitch: false} as const;

/** The settings behind --threshold, each named after its rule. */
export const thresholdSettings = {
	idleGpus: share('idle-gpus', defaultThresholds.idleGpus),
	straggler: share('straggler', defaultThresholds.straggler),
	gpuMemory: {
		...common,
		name: 'gpu-memory',
		example: '95%',
		parse: parseOptionalShare,
		show: value => (value === undefined ? 'off' : showShare(value)),
		preset: defaultThresholds.gpuMemory,
	},
	disk: share('disk', defaultThresholds.disk),
	ram: share('ram', defaultThresholds.ram),
	status5xx: share('5xx', defaultThresholds.status5xx),
	status4xx: share('4xx', defaultThresholds.status4xx),
	diskGrowthMs: time('disk-growth', defaultThresholds.diskGrowthMs),
	stalledMs: time('stalled', defaultThresholds.stalledMs),
	idleDeploymentMs: time('idle-deployment', defaultThresholds.idleDeploymentMs),
	checkpointAgeMs: {
		...common,
		name: 'checkpoint-age',
		example: '2h',
		parse: text => (text === 'off' ? {value: undefined} : parseTime(text)),
		show: value => (value === undefined ? 'off' : showDuration(value)),
		preset: defaultThresholds.checkpointAgeMs,
	},
	staleMs: time('stale', defaultThresholds.staleMs),
} as const satisfies {readonly [Key in keyof Thresholds]: Setting<Thresholds[Key]>};

function share(name: RuleName, preset: number): Setting<number> {
	return {...common, name, example: showShare(preset), parse: parseShare, show: showShare, preset};
}

function time(name: RuleName, preset: number): Setting<number> {
	return {...common, name, example: showDuration(preset), parse: parseTime, show: showDuration, preset};
}

/** Parses a percentage as a fraction, and `off` as undefined. */
function parseOptionalShare(text: string): Parsed<number | undefined> {
	return text === 'off' ? {value: undefined} : parseShare(text);
}

/** Parses a percentage as a fraction. */
function parseShare(text: string): Parsed<number> {
	const percent = /^(\d+(?:\.\d+)?) ?%?$/.exec(text)?.[1];
	if (percent === undefined || Number(percent) > 100) {
		return {mistake: `${quote(text)} isn't a percentage. Use 0 to 100.`};
	}

	return {value: Number(percent) / 100};
}

/** Formats a fraction as a percentage, rounded because 0.07 × 100 is slightly more than 7. */
function showShare(value: number): string {
	return `${Number((value * 100).toPrecision(12))}%`;
}

function parseTime(text: string): Parsed<number> {
	const value = parseDuration(text);
	if (value === undefined) {
		return {mistake: `${quote(text)} isn't a duration. Use one such as 5m, 300s, or 1h30m.`};
	}

	if (value < shortestMs || value > longestMs) {
		return {mistake: `${cleanText(text, 60)} is out of range. Use 1m to 24h.`};
	}

	return {value};
}

type Part = {readonly setting: AnySetting; readonly text: string};

/**
 * Splits a list such as `gpu-memory=90,stale=5m` into thresholds, whose values aren't parsed yet. Also returns the
 * errors in the list itself, such as an unknown name.
 */
function splitThresholds(list: string | undefined): {parts: readonly Part[]; mistakes: readonly string[]} {
	const parts = new Map<string, Part>();
	const mistakes: string[] = [];
	const known = Object.values(thresholdSettings);
	for (const part of list?.split(',') ?? []) {
		const [, name = '', text = ''] = /^([^=]*)=(.*)$/s.exec(part)?.map(piece => piece.trim()) ?? [];
		const setting = known.find(setting => setting.name === name);
		if (name === '' || text === '') {
			mistakes.push(`${quote(part)} isn't a name with a value, such as disk=75.`);
		} else if (setting === undefined) {
			mistakes.push(`${quote(name)} isn't one of ${known.map(({name}) => name).join(', ')}.`);
		} else if (parts.has(name)) {
			mistakes.push(`has ${name} twice.`);
		} else {
			parts.set(name, {setting, text});
		}
	}

	return {parts: [...parts.values()], mistakes};
}

/** The text of a setting, and its source as --print-config shows it. */
export type Provided = {readonly text: string; readonly from: string};

/** The settings of one source, by name. The text of each setting is valid. */
export type Layer = ReadonlyMap<string, Provided>;

/** A setting that a source has. An error message about it begins with `where`. */
type Found = Provided & {readonly setting: AnySetting; readonly where: string};

/**
 * Reads the settings on the command line.
 *
 * @throws UserError with one line per error
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
			found.push({setting, text, where: `--${flag}`, from: `option --${flag}`});
		}
	}

	if (given.has('ascii')) {
		found.push({setting: settings.symbols, text: 'ascii', where: '--ascii', from: 'option --ascii'});
	}

	return createLayer(found, values.get('threshold'), '--threshold', 'option --threshold');
}

/**
 * Reads the settings in the environment.
 *
 * @throws UserError with one line per error
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
 * Returns the defaults that depend on the terminal, based on variables such as TERM and LANG. Every other source
 * overrides them. On a dumb terminal, which can't draw a screen, sentences are the default.
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

/** An effective setting, and its source as --print-config shows it. */
type Resolved<Value> = {readonly name: string; readonly value: Value; readonly shown: string; readonly from: string};

/** All settings, each from the first layer that has it. */
export type Settings = ReturnType<typeof resolveSettings>;

/**
 * Resolves all settings.
 *
 * @param layers the layers in order of precedence, highest first
 */
export function resolveSettings(layers: readonly Layer[]) {
	const {window, interval, compare, theme, symbols, price, utc, mouse, plain, bell} = settings;
	const {idleGpus, straggler, gpuMemory, disk, diskGrowthMs, ram} = thresholdSettings;
	const {status5xx, status4xx, stalledMs, idleDeploymentMs, checkpointAgeMs, staleMs} = thresholdSettings;
	return {
		window: resolve(window, layers),
		compare: resolve(compare, layers),
		interval: resolve(interval, layers),
		theme: resolve(theme, layers),
		symbols: resolve(symbols, layers),
		price: resolve(price, layers),
		utc: resolve(utc, layers),
		mouse: resolve(mouse, layers),
		plain: resolve(plain, layers),
		bell: resolve(bell, layers),
		thresholds: {
			idleGpus: resolve(idleGpus, layers),
			straggler: resolve(straggler, layers),
			gpuMemory: resolve(gpuMemory, layers),
			disk: resolve(disk, layers),
			ram: resolve(ram, layers),
			status5xx: resolve(status5xx, layers),
			status4xx: resolve(status4xx, layers),
			diskGrowthMs: resolve(diskGrowthMs, layers),
			stalledMs: resolve(stalledMs, layers),
			idleDeploymentMs: resolve(idleDeploymentMs, layers),
			checkpointAgeMs: resolve(checkpointAgeMs, layers),
			staleMs: resolve(staleMs, layers),
		},
	};
}

function resolve<Value>(setting: Setting<Value>, layers: readonly Layer[]): Resolved<Value> {
	const {name, show, preset} = setting;
	for (const layer of layers) {
		const given = layer.get(name);
		const parsed = given === undefined ? undefined : setting.parse(given.text);
		if (given !== undefined && parsed !== undefined && 'value' in parsed) {
			return {name, value: parsed.value, shown: show(parsed.value), from: given.from};
		}
	}

	return {name, value: preset, shown: show(preset), from: 'default'};
}
