import {readFileSync} from 'node:fs';
import type {PrintedTopic} from '../command-line/arguments.ts';
import type {DocumentName} from '../command-line/options.ts';
import {grafanaDashboard} from '../output/grafana-dashboard.ts';
import {prometheusRules} from '../output/prometheus-rules.ts';

/** Returns the text that `loops-top prometheus rules` or `loops-top grafana dashboard` prints. */
export function topicText(topic: PrintedTopic): string {
	return topic === 'prometheus-rules' ? prometheusRules() : grafanaDashboard();
}

/**
 * Reads a file that is shipped with the program: in the package, it is next to the code, and in an executable, it is
 * inside.
 */
export async function readDocument(name: DocumentName): Promise<string> {
	const sea = await importSea();
	return sea?.isSea() === true ? sea.getAsset(name, 'utf8') : readFileSync(new URL(name, import.meta.url), 'utf8');
}

/** Imports `node:sea`, which exists only in Node.js 20.12 and newer. */
async function importSea(): Promise<typeof import('node:sea') | undefined> {
	try {
		return await import('node:sea');
	} catch {
		return undefined;
	}
}
