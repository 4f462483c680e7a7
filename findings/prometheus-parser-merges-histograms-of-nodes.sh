#!/bin/sh
# The npm package parse-prometheus-text-format merges the histograms of all nodes into one, without labels, whose buckets are those of the last node.
#
# Expected: one histogram for each set of labels other than `le`, as in prom2json, with which the module aims to be compatible: each with its
#   labels, its buckets, its sum, and its count.
# Seen: a histogram with labels becomes one object that contains only buckets. A bucket with the same `le` replaces the one before it. The labels, the sums,
#   and the counts are missing, even if there is only one node. Summaries are merged in the same way: if the last node has no quantile 0.9, that
#   of another node appears next to its own median. Gauges, counters, and histograms without labels are correct. No error is thrown.
# Version: parse-prometheus-text-format 1.1.1 (npm) and python3-prometheus-client 0.16.0-0.1 (Debian 12), which returns all samples of the same text.
# Source: flattenMetrics in src/index.js of yunyu/parse-prometheus-text-format fills one object per metric. The histograms of its test have no label other
#   than `le`.
# Why a monitor's author cares: a test with one node and no labels passes. With several nodes, the latency of the deployment is that of the node that was
#   written last. Remove the `# TYPE` lines before parsing; each line is then returned as a sample with its labels.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . parse-prometheus-text-format@1.1.1 >/dev/null
apt-get download -q python3-prometheus-client=0.16.0-0.1 >/dev/null 2>&1
dpkg -x python3-prometheus-client_*.deb root
dpkg-deb -f python3-prometheus-client_*.deb Package Version
cat >metrics <<'TEXT'
# TYPE busy gauge
busy{node="a"} 0.5
busy{node="b"} 0.7
# TYPE latency histogram
latency_bucket{node="a",le="1"} 90
latency_bucket{node="a",le="+Inf"} 100
latency_sum{node="a"} 60
latency_count{node="a"} 100
latency_bucket{node="b",le="1"} 1
latency_bucket{node="b",le="+Inf"} 2
latency_sum{node="b"} 9
latency_count{node="b"} 2
# TYPE plain histogram
plain_bucket{le="1"} 1
plain_bucket{le="+Inf"} 2
plain_sum 9
plain_count 2
# TYPE wait summary
wait{node="a",quantile="0.5"} 1
wait{node="a",quantile="0.9"} 3
wait_sum{node="a"} 10
wait_count{node="a"} 7
wait{node="b",quantile="0.5"} 40
wait_sum{node="b"} 80
wait_count{node="b"} 2
TEXT
PYTHONPATH="$dir/root/usr/lib/python3/dist-packages" python3 - <<'PY'
import sys
from prometheus_client.parser import text_string_to_metric_families
samples = [sample for family in text_string_to_metric_families(open('metrics').read()) for sample in family.samples]
print('prometheus-client returns', len(samples), 'samples,', len([sample for sample in samples if 'node' in sample.labels]), 'of them with a node')
sys.exit(0 if len(samples) == 21 else 1)
PY
cat >run.js <<'JS'
const {readFileSync} = require('node:fs');
const parse = require('parse-prometheus-text-format');

console.log('node', process.version);
console.log('parse-prometheus-text-format', require('parse-prometheus-text-format/package.json').version);
const text = readFileSync('metrics', 'utf8');
const parsed = Object.fromEntries(parse(text).map(({name, metrics}) => [name, JSON.stringify(metrics)]));
for (const [name, metrics] of Object.entries(parsed)) console.log(`${name}: ${metrics}`);
const untyped = parse(text.replace(/^#.*\n/gm, '')).flatMap(({metrics}) => metrics);
console.log('without # TYPE lines:', untyped.length, 'samples');
process.exitCode = parsed.busy === '[{"value":"0.5","labels":{"node":"a"}},{"value":"0.7","labels":{"node":"b"}}]'
	&& parsed.latency === '[{"buckets":{"1":"1","+Inf":"2"}}]'
	&& parsed.plain === '[{"buckets":{"1":"1","+Inf":"2"},"count":"2","sum":"9"}]'
	&& parsed.wait === '[{"quantiles":{"0.5":"40","0.9":"3"}}]'
	&& untyped.length === 21 ? 0 : 1;
JS
node run.js
