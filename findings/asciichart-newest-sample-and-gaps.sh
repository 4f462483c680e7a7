#!/bin/sh
# asciichart draws N points in N - 1 columns, so the newest sample has no column of its own, and draws null as zero.
#
# Expected: one column per point, and null (or NaN) as a gap.
# Seen: [1, 1, 1, 5] ends with the line that rises to 5, and only the corner at the end of that line is in the row of 5. null
#   is drawn as a drop to 0, which also extends the axis to 0; NaN and undefined throw a RangeError, and an empty series
#   throws a TypeError.
# Version: asciichart 1.5.25 (npm).
# Why a monitor's author cares: the newest value is the one people look at, and a missing sample must not look like an idle
#   GPU. Repeat the last value once, and split a series at its gaps.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . asciichart@1.5.25 >/dev/null
cat >run.js <<'JS'
const {plot} = require('asciichart');
console.log('asciichart', require('asciichart/package.json').version);
const rising = plot([1, 1, 1, 5], {height: 4}), gap = plot([5, null, 5], {height: 4}), spaced = plot([5, 5, 5], {height: 4});
console.log('[1, 1, 1, 5]'); console.log(rising);
console.log('[5, null, 5]'); console.log(gap);
const thrown = [[1, NaN, 2], [1, undefined, 2], []].map(series => {
	try { plot(series, {height: 3}); return 'drawn'; } catch (error) { return error.name; }
});
console.log('NaN, undefined, empty:', thrown.join(', '));
const columns = rising.split('\n').map(line => line.split(/[┤┼]/)[1].trimEnd().length);
process.exitCode = Math.max(...columns) === 3 && /0\.00 ┼╰|0\.00 ┤╰/.test(gap) && !spaced.includes('0.00 ') && thrown.every(name => name !== 'drawn') ? 0 : 1;
JS
node run.js
