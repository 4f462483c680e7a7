#!/bin/sh
# `nohup node …` ends when its terminal is closed.
#
# Expected: nohup makes a program ignore SIGHUP, and an ignored signal stays ignored across exec (POSIX), so the program continues.
# Seen: Node.js resets SIGHUP to its default action at startup. The signal kills the process; Python continues in the same situation.
# Version: node 24.21.0 (npm package `node`); the version of the system's Python is printed.
# Source: Node.js's src/node.cc sets every signal except SIGPIPE and SIGXFSZ to its default action at startup. A listener in the
#   program, process.on('SIGHUP', () => {}), protects it.
# Why a monitor's author cares: a recorder or exporter that was left running with `nohup … &` is gone after logout.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . node@24.21.0 >/dev/null
node=$dir/node_modules/node/bin/node
"$node" --version; python3 --version
survives() {
	rm -f out
	nohup "$@" >out 2>/dev/null & pid=$!
	until [ -s out ] 2>/dev/null; do sleep 0.1; done
	kill -HUP "$pid"
	code=0; wait "$pid" || code=$?
	echo "$code"
}
by_node=$(survives "$node" -e 'console.log("ready"); setTimeout(() => {}, 3000)')
by_listener=$(survives "$node" -e 'process.on("SIGHUP", () => {}); console.log("ready"); setTimeout(() => {}, 3000)')
by_python=$(survives python3 -c 'import time; print("ready", flush=True); time.sleep(3)')
printf '%s\n' "nohup node:                  exit code $by_node (129 is SIGHUP)" "nohup node, with a listener: exit code $by_listener" "nohup python3:               exit code $by_python"
[ "$by_node" = 129 ] && [ "$by_listener" = 0 ] && [ "$by_python" = 0 ]
