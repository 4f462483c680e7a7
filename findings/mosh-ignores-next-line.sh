#!/bin/sh
# mosh ignores CSI E (cursor next line), which Ink's incremental rendering uses to skip unchanged lines.
#
# Expected: `ESC [ E`, which has been in ECMA-48 since 1976 and works in every common terminal, moves to the start of the next line.
# Seen: mosh's server-side terminal drops it, so the text after it appears in the old row, directly after the previous text. CSI F, CSI
#   s, and CSI u are also ignored; CSI B followed by a carriage return, and ESC E, work.
# Version: mosh 1.4.0-1+b1, tmux 3.3a-3 (Debian 12).
# Source: mosh's terminalfunctions.cc lists the CSI functions that it supports; ink 8.0.0 writes cursorNextLine in build/log-update.js.
# Why a monitor's author cares: over mosh, and only there, the first frame is right, but every update after it is scrambled.
set -eu
dir=$(mktemp -d); trap 'LD_LIBRARY_PATH=$lib "$bin/tmux" -S "$dir/socket" kill-server 2>/dev/null || true; rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q mosh=1.4.0-1+b1 tmux=3.3a-3 libprotobuf32 libutempter0 libevent-core-2.1-7 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
bin=$dir/root/usr/bin lib=$(dirname "$(find "$dir/root" -name 'libutempter.so.0')")
export LC_ALL=C.UTF-8 LD_LIBRARY_PATH="$lib"
"$bin/mosh-server" --version 2>&1 | head -n 1

show() {
	port=$(python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	key=$(MOSH_SERVER_NETWORK_TMOUT=20 "$bin/mosh-server" new -i 127.0.0.1 -p "$port" -- sh -c "printf '$1'; sleep 4" 2>/dev/null </dev/null | awk '/MOSH CONNECT/ {print $4}')
	"$bin/tmux" -S "$dir/socket" -f /dev/null new-session -d -x 40 -y 6 "MOSH_KEY=$key '$bin/mosh-client' 127.0.0.1 $port; sleep 9"
	tries=0; until "$bin/tmux" -S "$dir/socket" capture-pane -p | grep -q three || [ $tries = 50 ]; do tries=$((tries + 1)); sleep 0.1; done
	"$bin/tmux" -S "$dir/socket" capture-pane -p | sed '/^$/d'
	"$bin/tmux" -S "$dir/socket" kill-server
}
with_e=$(show 'one\033[Etwo\033[Ethree')
with_b=$(show 'one\033[B\rtwo\033[B\rthree')
printf '%s\n' 'CSI E between the words:' "$with_e" 'CSI B and CR between the words:' "$with_b"
[ "$with_e" = onetwothree ] && [ "$with_b" = "$(printf 'one\ntwo\nthree')" ]
