#!/bin/sh
# `systemd-analyze verify` exits with 0 for misspelled keys and values that can't be parsed.
#
# Expected: a command named verify, used for checks in CI, fails for a unit with invalid settings.
# Seen: an unknown key, an invalid time span, and an invalid size each cause a message with "ignoring" on stderr, and the exit
#   code is 0.
# Version: systemd 252.39-1~deb12u2 (Debian 12).
# Why a monitor's author cares: a documented unit with `Restrat=always` passes its test, and a monitor that exits isn't restarted.
#   Test that stderr is empty.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q systemd=252.39-1~deb12u2 libsystemd-shared=252.39-1~deb12u2 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
export LD_LIBRARY_PATH="$dir/root/usr/lib/systemd:$dir/root/usr/lib/$(uname -m)-linux-gnu/systemd"
analyze=$(find "$dir/root" -name systemd-analyze -path '*bin*' | head -n 1)
"$analyze" --version | head -n 1
cat >monitor.service <<'UNIT'
[Service]
ExecStart=/bin/true
Restrat=always
RestartSec=soon
MemoryMax=lots
UNIT
code=0; "$analyze" verify ./monitor.service 2>message || code=$?
sed 's/^.*monitor.service/monitor.service/' message
echo "exit code: $code"
[ "$code" = 0 ] && [ "$(grep -c ignoring message)" = 3 ]
