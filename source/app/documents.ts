import {readFileSync} from 'node:fs';
import type {PrintedTopic} from '../command-line/arguments.ts';
import type {DocumentName} from '../command-line/options.ts';
import {type RuleName, rules} from '../metrics/findings.ts';
import {grafanaDashboard} from '../output/grafana-dashboard.ts';

/** A Prometheus alert. `forDuration` is the time for which its expression must be true before it fires. */
type Alert = {
	readonly name: string;
	readonly expr: string;
	readonly forDuration: string;
	readonly severity: 'critical' | 'warning';
	readonly summary: string;
};

/**
 * The severity of each rule: problems that stop a run, or are about to, are critical; others, such as problems that
 * waste GPUs, are warnings.
 */
const severities: Readonly<Record<RuleName, Alert['severity']>> = {
	status: 'critical',
	stale: 'critical',
	'missing-node': 'critical',
	'missing-gpu': 'critical',
	'sampler-status': 'critical',
	stalled: 'critical',
	'sampler-stalled': 'critical',
	'5xx': 'critical',
	'sampler-5xx': 'critical',
	disk: 'critical',
	ram: 'critical',
	restarted: 'warning',
	'idle-gpus': 'warning',
	straggler: 'warning',
	'disk-growth': 'warning',
	'idle-deployment': 'warning',
	'checkpoint-age': 'warning',
	'gpu-memory': 'warning',
	'4xx': 'warning',
};

/** Returns the name of a rule's alert: `LoopsMissingNode` for `missing-node`, and `Loops5xx` for `5xx`. */
function alertName(rule: RuleName): string {
	const words = rule.split('-').map(word => word.charAt(0).toUpperCase() + word.slice(1));
	return `Loops${words.join('')}`;
}

const subject =
	'{{ $labels.deployment }}{{ with $labels.node }} {{ . }}{{ end }}{{ with $labels.gpu }} GPU {{ . }}{{ end }}';

/** The alerts: one for each rule, one for when Baseten doesn't respond, and one for when loops-top itself is down. */
export const alerts: readonly Alert[] = [
	...rules.map(rule => ({
		name: alertName(rule),
		expr: `loops_top_finding{rule="${rule}"} == 1`,
		forDuration: '1m',
		severity: severities[rule],
		summary: `${subject}: ${rule}`,
	})),
	{
		name: 'LoopsNoResponse',
		expr: 'loops_top_up == 0',
		forDuration: '5m',
		severity: 'critical',
		summary: '{{ $labels.deployment }}: requests from loops-top to Baseten have failed for five minutes',
	},
	{
		name: 'LoopsTopDown',
		expr: 'up{job="loops"} == 0',
		forDuration: '5m',
		severity: 'critical',
		summary: '{{ $labels.instance }}: loops-top is down',
	},
];

/** Returns the Prometheus rule file with all alerts. Strings are quoted as in JSON, which is also valid YAML. */
export function prometheusRules(): string {
	const groups = alerts.map(({name, expr, forDuration, severity, summary}) =>
		[
			`      - alert: ${name}`,
			`        expr: ${JSON.stringify(expr)}`,
			`        for: ${forDuration}`,
			`        labels: {severity: ${severity}}`,
			`        annotations: {summary: ${JSON.stringify(summary)}}`,
		].join('\n'),
	);
	return `groups:\n  - name: loops\n    rules:\n${groups.join('\n')}\n`;
}

/** Returns the text that `loops-top prometheus rules` or `loops-top grafana dashboard` prints. */
export function topicText(topic: PrintedTopic): string {
	return topic === 'prometheus-rules' ? prometheusRules() : grafanaDashboard();
}

/**
 * Reads a file that is shipped with the program. In the package, it is next to the code; in an executable, it is
 * embedded.
 */
export async function readDocument(name: DocumentName): Promise<string> {
	const sea = await importSea();
	return sea?.isSea() === true ? sea.getAsset(name, 'utf8') : readFileSync(new URL(name, import.meta.url), 'utf8');
}

/** Imports `node:sea`, which exists only in Node.js 20.12 and later; returns undefined if it doesn't exist. */
async function importSea(): Promise<typeof import('node:sea') | undefined> {
	try {
		return await import('node:sea');
	} catch {
		return undefined;
	}
}
