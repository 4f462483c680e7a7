import type {Layer} from './layer.ts';
import type {Setting} from './setting.ts';
import {settings} from './settings.ts';
import {thresholdSettings} from './threshold-settings.ts';

/** An effective setting, and its source as --print-config shows it. */
export type Resolved<Value> = {
	readonly name: string;
	readonly value: Value;
	readonly shown: string;
	readonly from: string;
};

/** All settings, each from the first layer that has it. */
export type Settings = ReturnType<typeof resolveSettings>;

/**
 * Resolves all settings.
 *
 * @param layers ordered by precedence
 */
export function resolveSettings(layers: readonly Layer[]) {
	const {window, interval, theme, symbols, price, utc, mouse, plain, bell} = settings;
	const {idleGpus, straggler, gpuMemory, disk, diskGrowthMs, ram} = thresholdSettings;
	const {status5xx, status4xx, stalledMs, idleDeploymentMs, staleMs} = thresholdSettings;
	return {
		window: resolve(window, layers),
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
