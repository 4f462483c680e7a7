type Panel = {
	readonly title: string;
	readonly type: 'timeseries' | 'stat' | 'table';
	/** One of Grafana's units: `percentunit` is for fractions 0–1, and `bytes` uses powers of 1024. */
	readonly unit: string;
	readonly width: 4 | 8 | 12 | 24;
	readonly queries: ReadonlyArray<readonly [expression: string, legend: string]>;
	readonly max?: number;
};

const one = '{deployment=~"$deployment"}';
const perNode = '{deployment=~"$deployment", node=~"$node"}';

const panels: readonly Panel[] = [
	{
		title: 'GPU utilization now',
		type: 'stat',
		unit: 'percentunit',
		width: 4,
		max: 1,
		queries: [[`avg(loops_gpu_utilization_ratio${perNode})`, '']],
	},
	{
		title: 'Nodes reporting',
		type: 'stat',
		unit: 'short',
		width: 4,
		queries: [[`sum(loops_nodes_reporting${one})`, '']],
	},
	{title: 'Requests', type: 'stat', unit: 'reqps', width: 4, queries: [[`sum(loops_requests_per_second${one})`, '']]},
	{
		title: 'Age of the newest sample',
		type: 'stat',
		unit: 's',
		width: 4,
		queries: [[`time() - min(loops_newest_sample_timestamp_seconds${one})`, '']],
	},
	{title: 'Deployments up', type: 'stat', unit: 'short', width: 4, queries: [[`sum(loops_top_up${one})`, '']]},
	{
		title: 'Findings',
		type: 'stat',
		unit: 'short',
		width: 4,
		queries: [[`count(loops_top_finding${one}) or vector(0)`, '']],
	},
	{
		title: 'GPU utilization by node',
		type: 'timeseries',
		unit: 'percentunit',
		width: 12,
		max: 1,
		queries: [[`avg by (deployment, node) (loops_gpu_utilization_ratio${perNode})`, '{{deployment}} {{node}}']],
	},
	{
		title: 'GPU utilization by GPU',
		type: 'timeseries',
		unit: 'percentunit',
		width: 12,
		max: 1,
		queries: [[`loops_gpu_utilization_ratio${perNode}`, '{{node}} GPU {{gpu}}']],
	},
	{
		title: 'Requests',
		type: 'timeseries',
		unit: 'reqps',
		width: 8,
		queries: [
			[`loops_requests_per_second${one}`, '{{deployment}} requests'],
			[`loops_responses_per_second${one}`, '{{deployment}} {{code}}'],
		],
	},
	{
		title: 'Latency',
		type: 'timeseries',
		unit: 's',
		width: 8,
		queries: [[`loops_latency_seconds${one}`, '{{deployment}} p{{percentile}}']],
	},
	{
		title: 'Requests in progress',
		type: 'timeseries',
		unit: 'short',
		width: 8,
		queries: [[`loops_requests_in_progress${one}`, '{{deployment}}']],
	},
	{
		title: 'GPU memory by node',
		type: 'timeseries',
		unit: 'percentunit',
		width: 8,
		max: 1,
		queries: [
			[
				`sum by (deployment, node) (loops_gpu_memory_used_bytes${perNode}) / sum by (deployment, node) (loops_gpu_memory_limit_bytes${perNode})`,
				'{{deployment}} {{node}}',
			],
		],
	},
	{
		title: 'RAM',
		type: 'timeseries',
		unit: 'bytes',
		width: 8,
		queries: [[`loops_memory_used_bytes${perNode}`, '{{deployment}} {{node}}']],
	},
	{
		title: 'Ephemeral storage',
		type: 'timeseries',
		unit: 'percentunit',
		width: 8,
		max: 1,
		queries: [[`loops_ephemeral_storage_used_ratio${perNode}`, '{{deployment}} {{node}}']],
	},
	{
		title: 'CPU cores',
		type: 'timeseries',
		unit: 'short',
		width: 12,
		queries: [[`loops_cpu_used_cores${perNode}`, '{{deployment}} {{node}}']],
	},
	{
		title: 'Findings over time',
		type: 'timeseries',
		unit: 'short',
		width: 12,
		queries: [[`count by (deployment, rule) (loops_top_finding${one})`, '{{deployment}} {{rule}}']],
	},
];

const columns = 24;
// biome-ignore lint/suspicious/noTemplateCurlyInString: this is a Grafana variable
const datasource = {type: 'prometheus', uid: '${datasource}'} as const;

/** Places panels side by side in rows of 24 columns. */
function placed(): readonly object[] {
	let x = 0;
	let y = 0;
	return panels.map(({title, type, unit, width, max, queries}, index) => {
		const height = type === 'stat' ? 4 : 8;
		if (x + width > columns) {
			x = 0;
			y += panels[index - 1]?.type === 'stat' ? 4 : 8;
		}

		const gridPos = {x, y, w: width, h: height};
		x += width;
		return {
			id: index + 1,
			title,
			type,
			datasource,
			gridPos,
			fieldConfig: {defaults: {unit, min: 0, ...(max === undefined ? {} : {max})}, overrides: []},
			targets: queries.map(([expr, legendFormat], place) => ({
				refId: String.fromCharCode(65 + place),
				datasource,
				expr,
				legendFormat: legendFormat === '' ? '__auto' : legendFormat,
			})),
		};
	});
}

function variable(name: 'deployment' | 'node', query: string): object {
	return {
		name,
		label: name === 'deployment' ? 'Deployment' : 'Node',
		type: 'query',
		datasource,
		query: {query, refId: name},
		definition: query,
		refresh: 2,
		sort: 1,
		multi: true,
		includeAll: true,
		allValue: '.*',
		current: {text: 'All', value: '$__all'},
	};
}

/**
 * Returns a dashboard as JSON, to be imported into Grafana. It has variables for the data source, the deployment, and
 * the node.
 */
export function grafanaDashboard(): string {
	const dashboard = {
		title: 'Baseten Loops (loops-top)',
		uid: 'loops-top',
		tags: ['loops-top'],
		schemaVersion: 39,
		editable: true,
		refresh: '30s',
		time: {from: 'now-3h', to: 'now'},
		templating: {
			list: [
				{name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus'},
				variable('deployment', 'label_values(loops_top_up, deployment)'),
				variable('node', 'label_values(loops_gpu_utilization_ratio{deployment=~"$deployment"}, node)'),
			],
		},
		annotations: {list: []},
		panels: placed(),
	};
	return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}
