#!/bin/sh
# After ctrl-z, a resize, and `fg`, Node.js keeps the old size of the terminal, and getWindowSize() doesn't query the terminal.
#
# Expected: a stopped job is notified of the new size when it continues, or process.stdout.getWindowSize() queries the terminal.
# Seen: at the time of the resize, the foreground process group is the shell's, and only that group receives SIGWINCH. No `resize` event is
#   emitted after SIGCONT, and `columns`, `rows`, and getWindowSize() all return the cached size. TIOCGWINSZ returns the new one.
# Version: node 24.21.0 (npm package `node`), Linux.
# Source: Node.js's lib/tty.js: getWindowSize() returns [this.columns, this.rows]; both change in _refreshSize, on SIGWINCH only.
# Why a monitor's author cares: a full-screen program is drawn with the wrong size until the next resize. Call process.stdout._refreshSize() after
#   SIGCONT, or send SIGWINCH to the process itself.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . node@24.21.0 >/dev/null
node=$dir/node_modules/node/bin/node
"$node" --version
cat >program.js <<'JS'
const tty = require('tty');
process.stdout.on('resize', () => console.log('event resize'));
const show = when => console.log(when, 'columns', String(process.stdout.columns), 'getWindowSize', String(process.stdout.getWindowSize()[0]),
	'fresh', String(new tty.WriteStream(1).columns));
process.on('SIGCONT', () => setTimeout(() => { show('continued:'); process.exit(0); }, 300));
show('started:'); setInterval(() => {}, 1000);
JS
cat >shell.py <<'PY'
# Like a shell in a terminal of 100 columns, runs the program in its own process group and stops it. Resizes the terminal to 70
# columns, and continues the program.
import fcntl, os, pty, select, signal, struct, sys, termios, time
def resize(fd, columns): fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 30, columns, 0, 0))
master, slave = pty.openpty()
resize(master, 100)
ready_r, ready_w = os.pipe()
go_r, go_w = os.pipe()
if os.fork() == 0:
    os.setsid(); fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2): os.dup2(slave, fd)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0); os.tcsetpgrp(0, os.getpgrp())
        os.execv(sys.argv[1], ['node', sys.argv[2]])
    os.read(go_r, 1)
    os.killpg(job, signal.SIGTSTP); os.waitpid(job, os.WUNTRACED)
    os.tcsetpgrp(0, os.getpgrp()); os.write(ready_w, b'x'); os.read(go_r, 1)
    os.tcsetpgrp(0, job); os.killpg(job, signal.SIGCONT); os.waitpid(job, 0); os._exit(0)
os.close(slave)
out, step, start = b'', 0, time.time()
while time.time() - start < 20:
    if select.select([master], [], [], 0.1)[0]:
        try: data = os.read(master, 4096)
        except OSError: break
        out += data
    if step == 0 and b'started' in out: os.write(go_w, b'x'); step = 1
    if step == 1 and select.select([ready_r], [], [], 0)[0]: resize(master, 70); os.write(go_w, b'x'); step = 2
print(out.decode().replace('\r', ''), end='')
PY
python3 shell.py "$node" program.js | tee log
grep -q '^started: columns 100 getWindowSize 100 fresh 100' log && grep -q '^continued: columns 100 getWindowSize 100 fresh 70' log && ! grep -q 'event resize' log
