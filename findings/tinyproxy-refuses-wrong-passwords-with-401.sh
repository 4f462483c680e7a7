#!/bin/sh
# tinyproxy answers a wrong proxy password with 401, as if the response came from the web server, and every failed connection with 500.
#
# Expected: 407 for both a missing and a wrong password (RFC 9110, section 15.5.8), and 502 or 504 for a host that can't be reached.
# Seen: for a missing password, 407 with Proxy-Authenticate, but for a wrong one, 401 with WWW-Authenticate; 500 for a host that has no
#   address and for a port that refuses connections.
# Version: tinyproxy-bin 1.11.1-2.1+deb12u1 (Debian 12).
# Why a monitor's author cares: the status of a response to CONNECT always comes from the proxy. A client that reads 401 as "the API key
#   is wrong", or 500 as "the API is down", misleads its user.
set -eu
dir=$(mktemp -d); pid=; trap 'kill $pid 2>/dev/null || true; rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q tinyproxy-bin=1.11.1-2.1+deb12u1 >/dev/null 2>&1
dpkg -x tinyproxy-bin_*.deb root
"$dir/root/usr/bin/tinyproxy" -v
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
printf 'Port %s\nListen 127.0.0.1\nTimeout 10\nAllow 127.0.0.1\nBasicAuth user secret\nDefaultErrorFile "%s/root/usr/share/tinyproxy/default.html"\n' "$port" "$dir" >conf
"$dir/root/usr/bin/tinyproxy" -d -c conf >log 2>&1 & pid=$!
cat >ask.py <<'PY'
import base64, socket, sys, time
port, target, user = int(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None
for _ in range(50):
    try:
        peer = socket.create_connection(('127.0.0.1', port)); break
    except OSError:
        time.sleep(0.1)
auth = '' if user is None else 'Proxy-Authorization: Basic %s\r\n' % base64.b64encode(user.encode()).decode()
peer.sendall(('CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n' % (target, target, auth)).encode())
data = b''
while b'\r\n\r\n' not in data:
    part = peer.recv(4096)
    if not part: break
    data += part
head = data.split(b'\r\n\r\n')[0].decode().split('\r\n')
print(head[0].split(' ')[1], *[line.split(':')[0] for line in head if line.lower().endswith('"') and 'authenticate' in line.lower()])
PY
none=$(python3 ask.py "$port" host.invalid:443)
wrong=$(python3 ask.py "$port" host.invalid:443 user:wrong)
unknown=$(python3 ask.py "$port" host.invalid:443 user:secret)
refused=$(python3 ask.py "$port" 127.0.0.1:1 user:secret)
printf '%s\n' "no password:    $none" "wrong password: $wrong" "no such host:   $unknown" "port refused:   $refused"
[ "$none" = '407 Proxy-Authenticate' ] && [ "$wrong" = '401 WWW-Authenticate' ] && [ "$unknown" = 500 ] && [ "$refused" = 500 ]
