#!/bin/sh
# syslog-ng's JSON parser turns 3e-7 into 0.000000, because it rounds all fractions to six digits after the decimal point.
#
# Expected: a log shipper that parses JSON and writes it again keeps each number as it was, or writes the nearest double.
# Seen: a learning rate of 3e-7 is 0.000000, an epoch time of 1764400000.123456789 is rounded to microseconds, and 1e22 is written with 23 digits
#   before the decimal point and six zeros after it. $(format-json) writes all numbers as strings. Integers up to 9223372036854775807 are correct, and
#   larger ones become this number. No message is printed.
# Version: syslog-ng-core 3.38.1-5+deb12u1 (Debian 12).
# Source: json_parser_process_single in modules/json/json-parser.c of syslog-ng/syslog-ng formats values of json_type_double with "%f".
# Why a monitor's author cares: learning rates and losses are often below 1e-6 near the end of a run, and a chart of the shipped logs shows zero there.
#   The largest unsigned 64-bit integer, with which NVML marks unavailable values, becomes another number, so a filter for it no longer matches. Ship
#   lines without parsing them, or write small numbers as strings.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q syslog-ng-core=3.38.1-5+deb12u1 libivykis0 libjson-c5 libnet1 libwrap0 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
dpkg-deb -f syslog-ng-core_*.deb Package Version
modules=$dir/root/usr/lib/syslog-ng/3.38
libraries=$modules:$(find "$dir/root/usr/lib" -name 'lib*.so.*' -exec dirname {} \; | sort -u | tr '\n' ':')
cat >syslog-ng.conf <<CONF
@version: 3.38
@module json-plugin
@module affile
@module basicfuncs
source lines { stdin(flags(no-parse)); };
parser fields { json-parser(prefix("fields.")); };
destination copy { file("$dir/copy" template("\$(format-json --key fields.* --shift-levels 1)\n")); };
log { source(lines); parser(fields); destination(copy); };
CONF
line='{"lr":3e-7,"loss":0.00000049,"share":0.1234567891,"time":1764400000.123456789,"large":1e22,"bytes":85899345920,"blank":18446744073709551615}'
echo "$line" | LD_LIBRARY_PATH=$libraries timeout 60 "$dir/root/usr/sbin/syslog-ng" --foreground --no-caps --cfgfile syslog-ng.conf --module-path "$modules" \
	--persist-file "$dir/persist" --control "$dir/control" --pidfile "$dir/pid" 2>messages || { cat messages; exit 1; }
echo "read:    $line"
echo "written: $(python3 -c 'import json; print(json.dumps(json.load(open("copy"))))')"
python3 - <<'PY'
import json, sys
written = json.load(open('copy'))
expected = {'lr': '0.000000', 'loss': '0.000000', 'share': '0.123457', 'time': '1764400000.123457', 'large': '10000000000000000000000.000000',
    'bytes': '85899345920', 'blank': '9223372036854775807'}
sys.exit(0 if written == expected else 1)
PY
