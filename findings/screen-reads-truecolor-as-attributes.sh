#!/bin/sh
# GNU screen interprets the parts of a 24-bit color as separate attributes.
#
# Expected: a terminal without 24-bit color ignores `38;2;R;G;B` as a whole, or picks the nearest color.
# Seen: screen only skips 38 and applies 2, R, G, and B one by one: an R;G;B of 0;1;4 becomes bold and underlined, and any 0 resets all
#   attributes before it. 256 colors (`38;5;N`) are correct. COLORTERM=truecolor from the outer terminal is passed on to the programs in
#   screen.
# Version: screen 4.9.0-4, with tmux 3.3a-3 as the outer terminal (Debian 12).
# Why a monitor's author cares: programs choose 24-bit color based on COLORTERM. In screen, text in red or green loses its color or is
#   underlined.
set -eu
dir=$(mktemp -d); trap '"$bin/tmux" -S "$dir/socket" kill-server 2>/dev/null || true; rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q screen=4.9.0-4 tmux=3.3a-3 libutempter0 libevent-core-2.1-7 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
bin=$dir/root/usr/bin lib=$(dirname "$(find "$dir/root" -name 'libutempter.so.0')")
export LC_ALL=C.UTF-8 LD_LIBRARY_PATH="$lib" SCREENDIR="$dir/screens" COLORTERM=truecolor
mkdir -m 700 screens; echo 'startup_message off' >screenrc
"$bin/screen" --version || true
cat >inside.sh <<'SH'
printf '\033[38;2;0;1;4mA\033[0m\033[1m\033[38;2;255;0;0mB\033[0m\033[38;5;196mC\033[0m COLORTERM=%s done' "$COLORTERM"; sleep 5
SH
"$bin/tmux" -S "$dir/socket" -f /dev/null new-session -d -x 60 -y 5 "'$bin/screen' -c screenrc sh inside.sh"
tries=0; until "$bin/tmux" -S "$dir/socket" capture-pane -p | grep -q done || [ $tries = 50 ]; do tries=$((tries + 1)); sleep 0.1; done
seen=$("$bin/tmux" -S "$dir/socket" capture-pane -pe | head -n 1 | sed 's/\x1b/ESC/g')
printf '%s\n' 'sent: A in 38;2;0;1;4, bold B in 38;2;255;0;0, C in 38;5;196' "seen: $seen"
case $seen in *'ESC[1;4mA'*'38;5;196mC'*'COLORTERM=truecolor'*) ;; *) exit 1 ;; esac
case $seen in *'ESC[1mB'*) exit 1 ;; esac
