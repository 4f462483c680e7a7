#!/bin/sh
# If a log line is out of order, lnav gives it the time of the line before it, and one line with the offset +02:00 moves the lines after it by up to two
#   hours.
#
# Expected: the lines of several files are merged in order of time, and each line keeps the time that is written in it. 12:00:01+02:00 is one second
#   after 10:00:00Z.
# Seen: times never decrease within a file. A line that is earlier than the one before it gets the time of that line, in log_time, in searches, and in
#   the merged view, where it appears below lines of other files with later times. lnav 0.11 also ignores the offset, so after a line at
#   12:00:01.500+02:00, all lines of that file with a time before 12:00:01.500 get that time, too. Only the hidden column log_actual_time contains the
#   time that was written.
# Version: lnav 0.11.1-3 (Debian 12).
# Source: the runs below; issue 1034 of tstack/lnav on GitHub (2022) for the offset.
# Why a monitor's author cares: if one process of a job buffers its output or logs times ahead of UTC, the error at 10:00:03 that stopped the job appears
#   after the errors that it caused on other nodes. Write times in UTC, with Z, and sort each file by time before opening it.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q lnav=0.11.1-3 libarchive13 libcurl3-gnutls libncursesw6 libpcre2-8-0 libreadline8 libsqlite3-0 libtinfo6 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
dpkg-deb -f lnav_*.deb Package Version
libraries=$(find "$dir/root" -name '*.so.*' -exec dirname {} \; | sort -u | tr '\n' ':')
merge() { HOME=$dir TZ=UTC LD_LIBRARY_PATH=$libraries "$dir/root/usr/bin/lnav" -n "$@"; }

for second in 0 2 4; do echo "2026-11-29T10:00:0$second.000Z INFO node-0 step $second"; done >node-0.log
printf '%s\n' '2026-11-29T10:00:01.000Z INFO node-1 step 1' '2026-11-29T10:00:01.500Z INFO node-1 loader ready' '2026-11-29T10:00:03.000Z ERROR node-1 lost' >sorted.log
printf '%s\n' '2026-11-29T10:00:01.000Z INFO node-1 step 1' '2026-11-29T10:00:05.000Z INFO node-1 loader ready' '2026-11-29T10:00:03.000Z ERROR node-1 lost' >late.log
printf '%s\n' '2026-11-29T10:00:01.000Z INFO node-1 step 1' '2026-11-29T12:00:01.500+02:00 INFO node-1 loader ready' '2026-11-29T10:00:03.000Z ERROR node-1 lost' >offset.log
for name in sorted late offset; do
	echo "$name.log and node-0.log:"
	merge node-0.log $name.log | tee $name.merged
	merge -c ';SELECT log_time, log_actual_time FROM all_logs WHERE log_level = "error"' -c ':write-csv-to -' node-0.log $name.log | tail -n 1 >$name.error
	echo "log_time and log_actual_time of the error: $(cat $name.error)"
done
sort -s -k 1,1 node-0.log sorted.log | cmp - sorted.merged
grep -qx '2026-11-29 10:00:03.000,2026-11-29 10:00:03.000' sorted.error
[ "$(tail -n 1 late.merged)" = '2026-11-29T10:00:03.000Z ERROR node-1 lost' ]
grep -qx '2026-11-29 10:00:05.000,2026-11-29 10:00:03.000' late.error
[ "$(tail -n 1 offset.merged)" = '2026-11-29T10:00:03.000Z ERROR node-1 lost' ]
grep -qx '2026-11-29 12:00:01.500,2026-11-29 10:00:03.000' offset.error
