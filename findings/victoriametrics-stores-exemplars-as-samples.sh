#!/bin/sh
# VictoriaMetrics imports the exemplar of a counter without labels as the sample, under a metric name that contains the counter's value.
#
# Expected: an importer of OpenMetrics reads exemplars, as Prometheus does, or ignores everything after the `#`, as VictoriaMetrics does for series with labels.
# Seen: `requests_total 5 T # {trace_id="x"} 0.3` (T is the time) becomes a series named "requests_total 5 T #" with the label trace_id and the value 0.3. The
#   counter itself isn't stored. A minute later, the same line with 6 creates one more series. The response is 204, and no counter of errors or of ignored rows
#   changes. Lines such as `requests_total{node="a"} 5 T # {trace_id="x"} 0.3` are stored correctly.
# Version: victoria-metrics 1.79.5+ds1-2+b5 and python3-prometheus-client 0.16.0-0.1 (Debian 12), whose parser reads the same text as one counter.
# Source: unmarshal in lib/protoparser/prometheus/parser.go of VictoriaMetrics/VictoriaMetrics: the name of a metric ends at the first `{` of the line, and the
#   comment is cut off only after the labels.
# Why a monitor's author cares: client libraries can add exemplars to all counters, and counters of a whole process often have no labels. Each value then
#   becomes a series of its own, so the index grows with each import, and the graph of the counter is empty. Add at least one label to each metric, or omit the
#   exemplars.
set -eu
dir=$(mktemp -d); pids=; trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q victoria-metrics=1.79.5+ds1-2+b5 python3-prometheus-client=0.16.0-0.1 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; dpkg-deb -f "$package" Package Version | tr '\n' ' '; echo; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$dir/root/usr/bin/victoria-metrics" -storageDataPath=data -httpListenAddr="127.0.0.1:$port" >log 2>&1 & pids=$!
cat >run.py <<'PY'
import json, re, sys, time, urllib.error, urllib.parse, urllib.request
from prometheus_client.openmetrics.parser import text_string_to_metric_families

def ask(path, body=None):
    with urllib.request.urlopen(f'http://127.0.0.1:{sys.argv[1]}{path}', body.encode() if body else None, timeout=20) as response:
        return response.status, response.read().decode()

def stored():
    ask('/internal/force_flush')
    selector = urllib.parse.quote('{__name__=~".+"}')
    return sorted((json.loads(line) for line in ask(f'/api/v1/export?match[]={selector}')[1].splitlines()), key=lambda series: series['metric']['__name__'])

def until(condition):
    for _ in range(200):
        try:
            if condition():
                return True
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.1)
    return False

assert until(lambda: ask('/health')[1] == 'OK')
now = int(time.time()) - 600
names = []
for value, at in (5, now), (6, now + 60):
    text = f'''# TYPE requests counter
requests_total {value} {at} # {{trace_id="x"}} 0.3
# TYPE node_requests counter
node_requests_total{{node="a"}} {value} {at} # {{trace_id="x"}} 0.3
# EOF
'''
    families = list(text_string_to_metric_families(text))
    print('the reference parser:', [(sample.name, sample.value, sample.exemplar.value) for family in families for sample in family.samples])
    print('import:', ask('/api/v1/import/prometheus', text)[0])
    names.append(f'requests_total {value} {at} #')
assert until(lambda: len(stored()) >= 3)
for series in stored():
    print('stored:', json.dumps(series['metric']), series['values'])
ignored = [line for line in ask('/metrics')[1].splitlines() if re.match(r'vm_rows_(ignored|invalid)_total.* [1-9]|vm_protoparser_.*errors.* [1-9]', line)]
print('ignored, invalid, and errors:', ignored)
by_name = {series['metric']['__name__']: series for series in stored()}
is_as_seen = set(by_name) == {*names, 'node_requests_total'} and ignored == []
is_as_seen = is_as_seen and all(by_name[name]['values'] == [0.3] and by_name[name]['metric']['trace_id'] == 'x' for name in names)
sys.exit(0 if is_as_seen and by_name['node_requests_total']['values'] == [5, 6] else 1)
PY
PYTHONPATH="$dir/root/usr/lib/python3/dist-packages" python3 run.py "$port"
