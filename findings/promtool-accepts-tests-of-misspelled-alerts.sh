#!/bin/sh
# promtool passes a rule test for an alert that doesn't exist.
#
# Expected: `promtool test rules` fails for an `alertname` that no rule file defines.
# Seen: with `exp_alerts: []` ("must not fire yet"), a misspelled name passes, although the real alert is firing at that
#   time. The test still passes after the alert is renamed or removed.
# Version: prometheus 2.42.0+ds-5+deb12u1 (Debian 12), which contains promtool.
# Why a monitor's author cares: most tests of generated alert files check that no alert fires when all is well. Each
#   such test needs a counterpart in which the same alert fires.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1
dpkg -x prometheus_*.deb root
promtool=$dir/root/usr/bin/promtool
"$promtool" --version 2>&1 | head -n 1

cat >rules.yml <<'RULES'
groups: [{name: gpus, rules: [{alert: GpuIdle, expr: 'gpu_busy_ratio < 0.1', for: 1m}]}]
RULES
test_of() {
	cat >test.yml <<TEST
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series: [{series: 'gpu_busy_ratio{gpu="0"}', values: '0x10'}]
    alert_rule_test: [{eval_time: 5m, alertname: $1, exp_alerts: []}]
TEST
	code=0; "$promtool" test rules test.yml >out 2>&1 || code=$?
	echo "$1, which must not fire: $(grep -oE 'SUCCESS|FAILED' out | head -n 1), exit code $code"
}
test_of GpuIdle; real=$code
test_of GpuIdel; misspelled=$code
[ "$real" != 0 ] && [ "$misspelled" = 0 ]
