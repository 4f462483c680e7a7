#!/bin/sh
# A scrape that contains a series twice succeeds, and the first of the two values is stored.
#
# Expected: the scrape fails (`up` is 0), or the later value replaces the earlier one, as in most formats;
#   `promtool check metrics` reports the duplicate.
# Seen: promtool reports nothing. `up` stays 1, and the first value is stored; a warning in the server's log is the only
#   trace.
# Version: prometheus 2.42.0+ds-5+deb12u1 (Debian 12).
# Why a monitor's author cares: two nodes whose names become equal after cleaning or shortening end up as one series, with the
#   value of the first. Check for duplicates before serving.
set -eu
dir=$(mktemp -d); pids=; trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1
dpkg -x prometheus_*.deb root
bin=$dir/root/usr/bin
"$bin/prometheus" --version 2>&1 | head -n 1

mkdir site
printf '# HELP node_ram_bytes RAM\n# TYPE node_ram_bytes gauge\nnode_ram_bytes{node="a"} 1\nnode_ram_bytes{node="a"} 2\n' >site/metrics
code=0; "$bin/promtool" check metrics <site/metrics || code=$?
echo "promtool check metrics: exit code $code"

port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
target=$(port)
python3 - "$target" <<'SERVER' &
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = open('site/metrics', 'rb').read()
        self.send_response(200)
        self.send_header('Content-Type', 'text/plain; version=0.0.4')
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
SERVER
pids=$!
own=$(port)
cat >prometheus.yml <<CONFIG
scrape_configs: [{job_name: x, scrape_interval: 1s, static_configs: [{targets: ['127.0.0.1:$target']}]}]
CONFIG
"$bin/prometheus" --config.file=prometheus.yml --storage.tsdb.path=data --web.listen-address="127.0.0.1:$own" >log 2>&1 &
pids="$pids $!"
query() { python3 -c 'import json, sys, urllib.request; r = json.load(urllib.request.urlopen("http://127.0.0.1:%s/api/v1/query?query=%s" % tuple(sys.argv[1:3]))); print(",".join(x["value"][1] for x in r["data"]["result"]))' "$own" "$1" 2>/dev/null || true; }
tries=0; until [ -n "$(query node_ram_bytes)" ] || [ $tries = 100 ]; do tries=$((tries + 1)); sleep 0.2; done
value=$(query node_ram_bytes); up=$(query up)
echo "stored: $value, up: $up"
grep -o 'msg="Error on ingesting samples with different value but same timestamp"' log | head -n 1
[ "$code" = 0 ] && [ "$value" = 1 ] && [ "$up" = 1 ]
