#!/bin/sh
# In VictoriaMetrics, one very large sample turns the samples around it into 0, even those that were stored correctly hours before.
#
# Expected: each sample is a separate float64, as in Prometheus. Compression costs at most the last of its 15 to 17 digits.
# Seen: up to 8192 samples of a series form a block, which has one decimal exponent and 64-bit integers. A sample of 9223372036854775792 leaves no
#   room for digits after the decimal point, so 0.87 becomes 0; a sample of 3e38 turns everything below 1e19 into 0. Samples that have already been
#   stored are read correctly at first, and become 0 when a merge in the background puts them into the same block as the large one. +Inf doesn't have
#   this effect.
# Version: victoria-metrics 1.79.5+ds1-2+b5 (Debian 12).
# Source: issue 9448 of VictoriaMetrics/VictoriaMetrics on GitHub (2025), "Outlier values can cause data loss due to compression".
# Why a monitor's author cares: DCGM uses 9223372036854775792 to mark missing integers, and 3e38 is about the largest float32, which a loss or a
#   gradient norm can reach when training diverges. The curve before that step is what people look at, and it is gone afterward. Drop placeholders,
#   and export values beyond a limit as +Inf.
set -eu
dir=$(mktemp -d); pids=; trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q victoria-metrics=1.79.5+ds1-2+b5 >/dev/null 2>&1
dpkg -x victoria-metrics_*.deb root
dpkg-deb -f victoria-metrics_*.deb Package Version
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$dir/root/usr/bin/victoria-metrics" -storageDataPath=data -httpListenAddr="127.0.0.1:$port" >log 2>&1 & pids=$!
cat >run.py <<'PY'
import re, sys, time, urllib.error, urllib.request

def ask(path, body=None):
    return urllib.request.urlopen(f'http://127.0.0.1:{sys.argv[1]}{path}', body.encode() if body else None, timeout=20).read().decode()

def until(condition):
    for _ in range(200):
        try:
            if condition():
                return True
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.1)
    return False

def values(name):
    ask('/internal/force_flush')
    found = re.search(r'"values":\[(.*?)\]', ask(f'/api/v1/export?match[]={name}&start=0'))
    return found.group(1).split(',') if found else []

assert until(lambda: ask('/health') == 'OK')
start = int(time.time()) - 3600
begin = ['0.87', '0.91', '0.88', '0.9']
is_as_seen = True
for name, large in ('blank', '9223372036854775792'), ('float', '3e38'), ('infinite', '+Inf'):
    ask('/api/v1/import/prometheus', ''.join(f'{name} {value} {(start + 30 * step) * 1000}\n' for step, value in enumerate(begin)))
    assert until(lambda: len(values(name)) == 4)
    stored = values(name)
    ask('/api/v1/import/prometheus', f'{name} {large} {(start + 30 * len(begin)) * 1000}\n')
    assert until(lambda: len(values(name)) == 5)
    added = values(name)
    ask('/internal/force_merge')
    has_changed = large != '+Inf' and until(lambda: values(name)[:4] != begin)
    merged = values(name)
    print(f'{" ".join(stored)} is stored; with {large}: {" ".join(added[:4])}; after a merge: {" ".join(merged[:4])}')
    is_as_seen = is_as_seen and stored == begin and merged[:4] == (begin if large == '+Inf' else ['0'] * 4) and len(merged) == 5
sys.exit(0 if is_as_seen else 1)
PY
python3 run.py "$port"
