import {cleanText} from '../../api/clean-text.ts';
import type {RuleName} from '../../metrics/findings.ts';
import {defaultThresholds, type Thresholds} from '../../metrics/thresholds.ts';
import {type Parsed, parseDuration, quote, showDuration} from '../parse-value.ts';
import type {AnySetting, Setting} from './settings.ts';

const shortestMs = 60_000;
const longestMs = 86_400_000;

const common = {flag: 'threshold', variable: 'LOOPS_TOP_THRESHOLD', isSwitch: false} as const;

/** The settings behind --threshold, each under the name of its rule. */
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

/** Parses a percentage to a fraction, and `off` to undefined. */
function parseOptionalShare(text: string): Parsed<number | undefined> {
	return text === 'off' ? {value: undefined} : parseShare(text);
}

/** Parses a percentage to a fraction. */
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
 * Splits a list such as `gpu-memory=90,stale=5m` into thresholds that haven't been parsed yet, and returns the errors
 * in the list itself.
 */
export function splitThresholds(list: string | undefined): {parts: readonly Part[]; mistakes: readonly string[]} {
	const parts = new Map<string, Part>();
	const mistakes: string[] = [];
	const known = Object.values(thresholdSettings);
	for (const part of list?.split(',') ?? []) {
		const [, name = '', text = ''] = /^([^=]*)=(.*)$/s.exec(part)?.map(piece => piece.trim()) ?? [];
		const setting = known.find(setting => setting.name === name);
		if (name === '' || text === '') {
			mistakes.push(`${quote(part)} isn't a name with a value, such as disk=85.`);
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
