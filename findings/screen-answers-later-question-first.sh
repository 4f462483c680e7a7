#!/bin/sh
# GNU screen answers a status query before an earlier color query, so a response to the status query doesn't mean that the color won't arrive.
#
# Expected: responses arrive in the order of the queries. Programs query the background (OSC 11) and then something that every terminal answers (CSI
#   5n): if that response arrives without the color, the color will never arrive.
# Seen: screen answers CSI 5n itself, immediately, and passes OSC 11 on to the outer terminal, whose response can arrive at any time.
# Version: screen 4.9.0-4 (Debian 12).
# Why a monitor's author cares: the late response `]11;rgb:…` is read as keystrokes, or appears in the shell if the program exits quickly.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q screen=4.9.0-4 libutempter0 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
lib=$(dirname "$(find "$dir/root" -name 'libutempter.so.0')")
mkdir -m 700 screens; echo 'startup_message off' >screenrc
LD_LIBRARY_PATH=$lib SCREENDIR=$dir/screens "$dir/root/usr/bin/screen" --version || true
cat >inside.py <<'PY'
import os, select, sys, time, tty
tty.setraw(0)
os.write(1, b'\x1b]11;?\x1b\\' + b'\x1b[5n')
start, log = time.time(), open(sys.argv[1], 'w')
while time.time() - start < 2:
    if select.select([0], [], [], 0.1)[0]:
        print('%.1f s %r' % (time.time() - start, os.read(0, 100)), file=log, flush=True)
PY
cat >outside.py <<'PY'
import os, pty, select, sys, time
folder = sys.argv[1]
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM='xterm', LC_ALL='C.UTF-8', SCREENDIR=folder + '/screens', LD_LIBRARY_PATH=sys.argv[2])
    os.execv(folder + '/root/usr/bin/screen', ['screen', '-c', folder + '/screenrc', sys.executable, folder + '/inside.py', folder + '/log'])
out, asked, answered = b'', None, False
start = time.time()
while time.time() - start < 8:
    if select.select([fd], [], [], 0.1)[0]:
        try:
            data = os.read(fd, 4096)
        except OSError:
            break
        if not data:
            break
        out += data
    if asked is None and b'\x1b]11;?' in out:
        asked = time.time()
    # A slow link: the outer terminal responds after half a second.
    if asked and not answered and time.time() - asked > 0.5:
        os.write(fd, b'\x1b]11;rgb:1111/2222/3333\x1b\\')
        answered = True
print('the outer terminal received: OSC 11 %s, CSI 5n %s' % (b'\x1b]11;?' in out, b'\x1b[5n' in out))
PY
python3 outside.py "$dir" "$lib" | tee outside.log
echo 'the program inside received:'; cat log
grep -q 'OSC 11 True, CSI 5n False' outside.log && sed -n 1p log | grep -qF '\x1b[0n' && sed -n 2p log | grep -qF ']11;rgb:1111/2222/3333'
