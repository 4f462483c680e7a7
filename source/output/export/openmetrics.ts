import type {ExportedMetric, ExportedSeries} from './exported-series.ts';

/** Units that are named at the end of a metric's name, as OpenMetrics asks of a UNIT line. */
const units = ['seconds', 'bytes', 'ratio', 'cores'] as const;

/**
 * Writes series as an OpenMetrics text that Prometheus can import (`promtool tsdb create-blocks-from openmetrics`): one
 * family after another, each series ascending in time, timestamps in seconds, `# EOF` at the end. Gaps are missing samples.
 * Names and labels are those of `--listen`, so that the past joins what was scraped live. Values are in base units.
 *
 * Series of a sampler have names that begin with `loops_sampler_`.
 */
export function* openMetricsText(series: readonly ExportedSeries[], deployment: string): Generator<string> {
	const families = new Map<string, ExportedSeries[]>();
	for (const one of series) {
		const name = familyName(one.component, one.metric);
		const family = families.get(name);
		if (family === undefined) {
			families.set(name, [one]);
		} else {
			family.push(one);
		}
	}

	for (const [name, members] of families) {
		const [first] = members;
		if (first === undefined) {
			continue;
		}

		const unit = units.find(suffix => name.endsWith(`_${suffix}`));
		yield [
			`# TYPE ${name} gauge\n`,
			...(unit === undefined ? [] : [`# UNIT ${name} ${unit}\n`]),
			`# HELP ${name} ${first.metric.prometheus.help}\n`,
		].join('');
		for (const member of members) {
			yield samples(name, member, deployment);
		}
	}

	yield '# EOF\n';
}

function familyName(component: ExportedSeries['component'], {prometheus: {name}}: ExportedMetric): string {
	return component === 'sampler' ? name.replace(/^loops_/, 'loops_sampler_') : name;
}

function samples(name: string, {node, gpu, metric, points}: ExportedSeries, deployment: string): string {
	const {labels = {}, factor = 1} = metric.prometheus;
	const all = {deployment, ...(node === undefined ? {} : {node}), ...(gpu === undefined ? {} : {gpu}), ...labels};
	const text = Object.entries(all)
		.map(([label, value]) => `${label}="${escapeLabel(value)}"`)
		.join(',');
	let lines = '';
	for (const [place, time] of points.times.entries()) {
		lines += `${name}{${text}} ${(points.values[place] ?? Number.NaN) * factor} ${time / 1000}\n`;
	}

	return lines;
}

function escapeLabel(text: string): string {
	return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
