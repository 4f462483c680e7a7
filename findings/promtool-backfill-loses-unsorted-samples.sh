#!/bin/sh
# promtool reports success for a backfill in which it loses almost half of the samples.
#
# Expected: `promtool tsdb create-blocks-from openmetrics` imports every sample, or fails for those it can't import.
# Seen: within one series, a sample that is older than one before it is dropped. There is no message, and the exit code is 0;
#   only the NUM SAMPLES column of the table that it prints shows the loss.
# Version: prometheus 2.42.0+ds-5+deb12u1 (Debian 12), which contains promtool.
# Source: OpenMetrics 1.0 requires ascending timestamps within a series; promtool neither rejects nor reports a file that violates
#   this rule.
# Why a monitor's author cares: an export that iterates over a window backward, or appends a revised tail, is imported without
#   errors, but with gaps. Sort each series, and compare the printed number of samples with the number of lines.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1
dpkg -x prometheus_*.deb root
promtool=$dir/root/usr/bin/promtool
"$promtool" --version 2>&1 | head -n 1

{
	echo '# TYPE gpu_busy_ratio gauge'
	for i in 0 1 2 3 4 5 6 7 8 9; do echo "gpu_busy_ratio{gpu=\"0\"} 0.5 $((1764300000 + 30 * i))"; done
	for i in 9 8 7 6 5 4 3 2 1 0; do echo "gpu_busy_ratio{gpu=\"1\"} 0.5 $((1764300000 + 30 * i))"; done
	echo '# EOF'
} >export.om
echo "samples in the file: $(grep -c '^gpu' export.om) (10 ascending, 10 descending)"
code=0; "$promtool" tsdb create-blocks-from openmetrics export.om data >table 2>&1 || code=$?
cat table
echo "exit code: $code"
imported=$(awk '/^0/ {for (i = 1; i <= NF; i++) if ($i ~ /s$/) sum += $(i + 1)} END {print sum}' table)
echo "imported: $imported"
[ "$code" = 0 ] && [ "$imported" = 11 ]
