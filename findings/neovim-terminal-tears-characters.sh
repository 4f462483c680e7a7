#!/bin/sh
# Neovim's terminal breaks multibyte characters wherever one of its reads ends inside a character.
#
# Expected: a terminal keeps the bytes of an incomplete UTF-8 character until the rest arrives, as xterm, tmux, and Vim do.
# Seen: in 600 rows of box-drawing characters, which are three bytes each, dozens of characters are replaced by U+FFFD, and the rest of each affected
#   row is shifted. The number differs from run to run. With a pause after each row, fewer characters are damaged, but still some.
# Version: neovim 0.7.2-7 (Debian 12), libvterm 0.1.4.
# Source: the runs below.
# Why a monitor's author cares: charts of braille and box-drawing characters look right in a test, but are damaged in `:terminal`, in places that
#   change with each frame, and the damage stays until the row is redrawn. A program can't prevent this by splitting its writes differently, because
#   only Neovim's reads matter. Neovim sets NVIM in the environment of its terminals, so a program can check for it and draw in ASCII.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q neovim=0.7.2-7 neovim-runtime=0.7.2-7 libluajit-5.1-2 libmsgpackc2 libtermkey1 libtree-sitter0 libunibilium4 \
	libuv1 libvterm0 lua-luv >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find "$dir/root" -name 'libvterm.so.0')") VIMRUNTIME=$dir/root/usr/share/nvim/runtime LC_ALL=C.UTF-8
export LD_LIBRARY_PATH VIMRUNTIME LC_ALL
nvim=$dir/root/usr/bin/nvim
"$nvim" --version | sed -n 1p
cat >write.py <<'PY'
import os, sys, time
symbol = sys.argv[1]
for row in range(600):
    os.write(1, ("x" * (row % 3) + symbol * 100 + "\r\n").encode())
os.write(1, b"ready")
time.sleep(20)
PY
cat >count.lua <<'LUA'
local function lines() return vim.api.nvim_buf_get_lines(0, 0, -1, false) end
vim.wait(20000, function() return table.concat(lines(), '\n'):find('ready', 1, true) ~= nil end, 50)
local torn = 0
for _, line in ipairs(lines()) do
	for _ in line:gmatch('\239\191\189') do torn = torn + 1 end
end
io.stdout:write(#lines() > 600 and 'all rows, ' or 'too few rows, ', torn == 0 and 'none torn' or 'some torn', '\n')
vim.cmd('qa!')
LUA
for symbol in - ─; do
	printf '%s ' "$symbol"
	timeout 60 "$nvim" --clean --headless +'set columns=120 lines=40' +"call termopen(['python3', 'write.py', '$symbol'])" +'luafile count.lua'
done 2>&1 | tr -d '\r' | tee log
grep -q '^- all rows, none torn' log && grep -q '^─ all rows, some torn' log
