#!/bin/sh
# proper-lockfile gives a lock to a second process while its holder is merely stopped (ctrl-z, a sleeping laptop).
#
# Expected: a lock lasts as long as the process that holds it.
# Seen: the lock is a folder whose mtime the holder renews every 5 s; after 10 s without renewal, it counts as stale. A
#   holder stopped for 12 s loses it, and is notified only after it continues (by the error ECOMPROMISED, which is
#   thrown unless it is handled).
# Version: proper-lockfile 4.1.2 (npm), with its default `stale` of 10 s.
# Why a monitor's author cares: a terminal program that appends to a recording is often suspended with ctrl-z; a second
#   process then writes to the same file. flock(2) on the open descriptor survives SIGSTOP and ends with the process.
set -eu
dir=$(mktemp -d); holder=; trap 'kill -9 $holder 2>/dev/null || true; rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . proper-lockfile@4.1.2 >/dev/null
node -p '"proper-lockfile " + require("proper-lockfile/package.json").version'
: >recording
cat >hold.js <<'JS'
require('proper-lockfile').lock('recording', {onCompromised: error => { console.log('holder, after SIGCONT:', error.code); }})
	.then(() => { console.log('holder: locked'); });
setInterval(() => {}, 1000);
JS
cat >try.js <<'JS'
require('proper-lockfile').lock('recording').then(() => { console.log('second: locked'); process.exit(0); }, error => { console.log('second:', error.code); process.exit(3); });
JS
node hold.js >holder.log & holder=$!
until grep -q locked holder.log; do sleep 0.1; done
early=0; node try.js || early=$?
kill -STOP "$holder"; sleep 12
late=0; node try.js || late=$?
kill -CONT "$holder"
tries=0; until grep -q ECOMPROMISED holder.log || [ $tries = 100 ]; do tries=$((tries + 1)); sleep 0.1; done
cat holder.log
[ "$early" = 3 ] && [ "$late" = 0 ] && grep -q ECOMPROMISED holder.log
