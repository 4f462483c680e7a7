import {cleanText} from '../../api/clean-text.ts';
import {defaultThresholds, type Thresholds} from '../../metrics/thresholds.ts';
import {parseDuration, showDuration} from '../duration.ts';
import {type Parsed, quote} from '../parse-value.ts';
import type {Setting} from './setting.ts';

const minimumStaleMs = 60_000;
const maximumStaleMs = 86_400_000;

const common = {flag: 'threshold', variable: 'LOOPS_TOP_THRESHOLD', isSwitch: false} as const;

/** The settings behind --threshold. */
export const thresholdSettings = {
	straggler: share('straggler', defaultThresholds.straggler),
	gpuMemory: share('gpu-memory', defaultThresholds.gpuMemory),
	disk: share('disk', defaultThresholds.disk),
	ram: share('ram', defaultThresholds.ram),
	serverErrors: share('5xx', defaultThresholds.serverErrors),
	clientErrors: share('4xx', defaultThresholds.clientErrors),
	staleMs: {
		...common,
		name: 'stale',
		example: '5m',
		parse: parseStale,
		show: showDuration,
		preset: defaultThresholds.staleMs,
	},
} as const satisfies Readonly<Record<keyof Thresholds, Setting<number>>>;

function share(name: string, preset: number): Setting<number> {
	return {...common, name, example: showShare(preset), parse: parseShare, show: showShare, preset};
}

/** Parses a percentage to a fraction. */
function parseShare(text: string): Parsed<number> {
	const percent = /^(\d+(?:\.\d+)?) ?%?$/.exec(text)?.[1];
	if (percent === undefined || Number(percent) > 100) {
		return {mistake: `${quote(text)} isn't a percentage. Use 0 to 100.`};
	}

	return {value: Number(percent) / 100};
}

/** Rounded, because 0.07 × 100 is slightly more than 7. */
function showShare(value: number): string {
	return `${Number((value * 100).toPrecision(12))}%`;
}

function parseStale(text: string): Parsed<number> {
	const value = parseDuration(text);
	if (value === undefined) {
		return {mistake: `${quote(text)} isn't a duration. Use one such as 5m, 300s or 1h30m.`};
	}

	if (value < minimumStaleMs || value > maximumStaleMs) {
		return {mistake: `${cleanText(text, 60)} is out of range. Use 1m to 24h.`};
	}

	return {value};
}
