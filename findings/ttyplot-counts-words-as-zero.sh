#!/bin/sh
# ttyplot's statistics count every word that isn't a number as 0, even the % of "80 %", although its plot leaves out such words.
#
# Expected: a plotter for live values skips what it can't read, as it skips blank lines, or reports it; the plot and the statistics agree.
# Seen: `–`, `-`, and a percent sign each add a sample of 0 to the minimum and the average below the plot. The plot looks as if these
#   words weren't there. `1,234` is 1 and then 0. One NaN is a gap in the plot, and makes the average nan as long as the gap is on the screen.
# Version: ttyplot 1.4+77.g1a1693b-2 and tmux 3.3a-3 (Debian 12).
# Source: the runs below. The man page doesn't say what happens to words.
# Why a monitor's author cares: a value that is missing for a moment lowers the average as if the GPU had stopped working, and "80 %" counts
#   as 80 and 0. Nothing in the plot shows why. For pipes, print bare numbers, without units or thousands separators, and omit missing values.
set -eu
dir=$(mktemp -d); lib=; trap 'LD_LIBRARY_PATH=$lib "$bin/tmux" -S "$dir/socket" kill-server 2>/dev/null || true; rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q ttyplot=1.4+77.g1a1693b-2 tmux=3.3a-3 libutempter0 libevent-core-2.1-7 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
bin=$dir/root/usr/bin lib=$(dirname "$(find "$dir/root" -name 'libutempter.so.0')")
LD_LIBRARY_PATH=$lib LC_ALL=C.UTF-8 TERM=xterm-256color; export LD_LIBRARY_PATH LC_ALL TERM
for package in ttyplot_*.deb tmux_*.deb; do dpkg-deb -f "$package" Package Version | tr '\n' ' '; echo; done
"$bin/tmux" -S "$dir/socket" -f /dev/null new-session -d -s other 'sleep 300'
# Plots the words, followed by 70. Prints the statistics below the plot once they contain the 70, and keeps the plot in a file.
plot() {
	printf '%s\n' "$@" 70 >words
	"$bin/tmux" -S "$dir/socket" -f /dev/null new-session -d -s plot -x 72 -y 16 "{ cat words; sleep 60; } | '$bin/ttyplot'"
	tries=0
	until "$bin/tmux" -S "$dir/socket" capture-pane -p -t plot >screen && grep -q 'last=70.0' screen || [ $tries = 100 ]; do tries=$((tries + 1)); sleep 0.2; done
	printf '%s: %s\n' "$* 70" "$(grep -o 'min=.*avg=[0-9a-z.]*' screen)"
	sed '/last=/,$d' screen >"plot-$*"
	"$bin/tmux" -S "$dir/socket" kill-session -t plot
}
plot 50 60 >log; plot 50 '' 60 >>log; plot 50 60 – >>log; plot 50 60 - >>log; plot 50 60 0 >>log; plot '50 %' '60 %' >>log; plot 1,234 >>log; plot 50 60 NaN >>log
cat log
grep -qx '50 60 70: min=50.0 max=70.0 avg=60.0' log
grep -qx '50  60 70: min=50.0 max=70.0 avg=60.0' log
grep -qx '50 60 – 70: min=0.0 max=70.0 avg=45.0' log
grep -qx '50 60 - 70: min=0.0 max=70.0 avg=45.0' log
grep -qx '50 60 0 70: min=0.0 max=70.0 avg=45.0' log
grep -qx '50 % 60 % 70: min=0.0 max=70.0 avg=36.0' log
grep -qx '1,234 70: min=0.0 max=70.0 avg=23.7' log
grep -q '^50 60 NaN 70: .*avg=nan$' log
cmp 'plot-50 60' 'plot-50 60 –'
cmp 'plot-50 60' 'plot-50 60 -'
if cmp -s 'plot-50 60' 'plot-50 60 0'; then exit 1; fi
echo 'The plots of 50 60 70, 50 60 – 70, and 50 60 - 70 are equal; that of 50 60 0 70 is different.'
