#!/bin/sh
# Python's OpenMetrics parser rejects files that promtool imports completely, such as a file that is ordered by time.
#
# Expected: a file that `promtool tsdb create-blocks-from openmetrics` imports without loss is valid OpenMetrics, and the
#   reference parser of the format also accepts it.
# Seen: promtool imports all samples of a file that is ordered by time (all series at one time, and then all series at the next), of one that
#   returns to a metric after another metric, and of one with a counter whose name doesn't end in _total. The parser raises an error for each
#   of these files ("Invalid metric grouping", "Clashing name").
# Version: python3-prometheus-client 0.16.0-0.1 and prometheus 2.42.0+ds-5+deb12u1 (Debian 12).
# Source: OpenMetrics 1.0 forbids interleaved families and label sets, and requires _total. promtool's parser reads line by line; only the order of
#   times within each series matters, because promtool drops a sample that is older than one before it.
# Why a monitor's author cares: writing a window in order of time is the obvious way to export it, and the file passes every test with Prometheus.
#   Both parsers accept series that are written one after another, each in order of time.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q prometheus=2.42.0+ds-5+deb12u1 python3-prometheus-client=0.16.0-0.1 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
promtool=$dir/root/usr/bin/promtool
"$promtool" --version 2>&1 | head -n 1

printf '# TYPE busy gauge\nbusy{gpu="0"} 1 1764300010\nbusy{gpu="1"} 2 1764300010\nbusy{gpu="0"} 3 1764300040\nbusy{gpu="1"} 4 1764300040\n# EOF\n' >by-time
printf '# TYPE busy gauge\nbusy{gpu="0"} 1 1764300010\nbusy{gpu="0"} 3 1764300040\nbusy{gpu="1"} 2 1764300010\nbusy{gpu="1"} 4 1764300040\n# EOF\n' >by-series
printf '# TYPE busy gauge\nbusy 1 1764300010\n# TYPE idle gauge\nidle 1 1764300010\nbusy 2 1764300040\n# EOF\n' >back-again
printf '# TYPE polls counter\npolls 1 1764300010\n# EOF\n' >counter
cat >read.py <<'PY'
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
try:
    families = list(text_string_to_metric_families(open(sys.argv[1]).read()))
    print(sum(len(family.samples) for family in families), 'samples')
except ValueError as error:
    print(str(error).split(':')[0])
PY
for file in by-series by-time back-again counter; do
	"$promtool" tsdb create-blocks-from openmetrics "$file" "data-$file" >table 2>&1
	imported=$(awk '/^0/ {for (i = 1; i <= NF; i++) if ($i ~ /s$/) sum += $(i + 1)} END {print sum}' table)
	python=$(PYTHONPATH="$dir/root/usr/lib/python3/dist-packages" python3 read.py "$file")
	echo "$file: promtool $imported samples; Python: $python"
done | tee seen
cat >expected <<'END'
by-series: promtool 4 samples; Python: 4 samples
by-time: promtool 4 samples; Python: Invalid metric grouping
back-again: promtool 3 samples; Python: Clashing name
counter: promtool 1 samples; Python: Clashing name
END
diff expected seen
