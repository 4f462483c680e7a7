#!/bin/sh
# After a broken connection, autossh keeps restarting a remote command that exits with 1 or 2. Before the first break, autossh exits instead.
#
# Expected: autossh restarts ssh if the connection breaks, which ssh reports with exit code 255. Any other code means that the remote command ended, so
#   autossh exits, no matter how often it has reconnected.
# Seen: during the first connection, a command that exits with 1 ends autossh. After one reconnect, a command that exits with 1 or 2 is started again,
#   without a limit; 3 and 130 still end autossh. The exit code of autossh is 1 for any of these codes, and 0 if a repeated command succeeds.
# Version: autossh 1.4g-1+b1 (Debian 12), with a script in place of ssh (AUTOSSH_PATH), which exits with the codes that ssh would return.
# Source: ssh_wait in autossh.c; its comment says that ssh itself can exit with 1 if the network is down during a reconnect. The man page mentions only
#   that a code of 1 on the first try isn't retried.
# Why a monitor's author cares: 1 and 2 are the usual codes for a failure and for wrong arguments, and monitoring checks use them to report the states
#   warning and critical. In a test, a remote monitor that exits with one of them ends as expected, but after the laptop has been suspended once, it is
#   restarted in a loop, and its message scrolls away. Run `autossh … 'monitor; exit 0'`, or use codes above 2.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q autossh=1.4g-1+b1 >/dev/null 2>&1
dpkg -x autossh_*.deb root
dpkg-deb -f autossh_*.deb Package Version
cat >ssh <<'SH'
#!/bin/sh
# If `breaks` is 1, the first run ends like a connection that breaks after two seconds. All other runs exit with the code in
# `code`, except for the fifth, which exits with 0.
echo run >>runs
count=$(wc -l <runs)
if [ "$breaks" = 1 ] && [ "$count" = 1 ]; then sleep 2; exit 255; fi
if [ "$count" = 1 ]; then sleep 2; fi
if [ "$count" = 5 ]; then exit 0; fi
exit "$code"
SH
chmod +x ssh
for breaks in 0 1; do
	for code in 0 1 2 3 130; do
		rm -f runs; ended=0
		breaks=$breaks code=$code AUTOSSH_GATETIME=1 AUTOSSH_LOGFILE=log AUTOSSH_PATH=$dir/ssh timeout 60 root/usr/lib/autossh/autossh -M 0 host monitor || ended=$?
		echo "reconnects: $breaks, code of the command: $code, runs after that: $(($(wc -l <runs) - breaks)), code of autossh: $ended"
	done
done | tee seen
cat >expected <<'TEXT'
reconnects: 0, code of the command: 0, runs after that: 1, code of autossh: 0
reconnects: 0, code of the command: 1, runs after that: 1, code of autossh: 1
reconnects: 0, code of the command: 2, runs after that: 1, code of autossh: 1
reconnects: 0, code of the command: 3, runs after that: 1, code of autossh: 1
reconnects: 0, code of the command: 130, runs after that: 1, code of autossh: 1
reconnects: 1, code of the command: 0, runs after that: 1, code of autossh: 0
reconnects: 1, code of the command: 1, runs after that: 4, code of autossh: 0
reconnects: 1, code of the command: 2, runs after that: 4, code of autossh: 0
reconnects: 1, code of the command: 3, runs after that: 1, code of autossh: 1
reconnects: 1, code of the command: 130, runs after that: 1, code of autossh: 1
TEXT
cmp seen expected
