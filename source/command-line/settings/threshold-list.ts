import {quote} from '../parse-value.ts';
import type {AnySetting} from './setting.ts';
import {thresholdSettings} from './threshold-settings.ts';

type Part = {readonly setting: AnySetting; readonly text: string};

/**
 * Splits a list such as `gpu-memory=90,stale=5m` into thresholds, which aren't parsed yet, and the errors in the list
 * itself.
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
