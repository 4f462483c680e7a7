#!/bin/sh
# nginx, in its default configuration, and lighttpd turn a response that was cut off into a complete one.
#
# Expected: if a server is killed in the middle of a chunked response, its last chunk is missing, so the client reports an error. A reverse proxy
#   passes the error on: it closes the connection, as nginx does with `proxy_http_version 1.1`.
# Seen: through either proxy, the client receives the 4 lines that the server sent before the response was cut off, with status 200 and a valid end.
#   By default, nginx sends HTTP/1.0 requests to the server behind it. The response to such a request ends when the connection closes, for whatever
#   reason, and nginx appends the last chunk itself. lighttpd sends HTTP/1.1 and receives chunks, but ignores the fact that the last one is missing,
#   and sets Content-Length to the size of what it has received.
# Version: nginx 1.22.1-9+deb12u11 and lighttpd 1.4.69-1 (Debian 12).
# Source: RFC 9112, section 8: a chunked message is incomplete without the chunk of size zero. nginx's documentation mentions the default of
#   proxy_http_version, but not this effect.
# Why a monitor's author cares: exporters are often placed behind one of these proxies for TLS. If the exporter is killed during a scrape, some of the
#   nodes are missing, and the scrape counts as successful. The Prometheus text format, JSON Lines, and CSV have no end marker; OpenMetrics has one
#   (`# EOF`), and a single JSON document can't be parsed if it is cut off.
set -eu
dir=$(mktemp -d); pids=; trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$dir"' EXIT; cd "$dir"
apt-get download -q nginx=1.22.1-9+deb12u11 lighttpd=1.4.69-1 libnettle8 libxxhash0 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find "$dir/root" -name 'libnettle.so.8')"); export LD_LIBRARY_PATH
nginx=$dir/root/usr/sbin/nginx lighttpd=$dir/root/usr/sbin/lighttpd
"$nginx" -v 2>&1; "$lighttpd" -v | head -n 1

cat >server.py <<'PY'
import http.server

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        is_chunked = self.request_version == 'HTTP/1.1'
        self.send_response(200)
        self.send_header('Content-Type', 'text/plain; version=0.0.4')
        if is_chunked:
            self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        for node in range(4):
            line = b'gpu_busy{node="%d"} 0.9\n' % node
            self.wfile.write(b'%x\r\n%s\r\n' % (len(line), line) if is_chunked else line)
        self.close_connection = True  # The kernel does the same for a process that is killed here.
    def log_message(self, *args): pass

server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 server.py >port & pids=$!
tries=0; until [ -s port ] || [ $tries = 100 ]; do tries=$((tries + 1)); sleep 0.1; done
server=$(cat port)
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
default=$(free) newer=$(free) other=$(free)
cat >nginx.conf <<CONF
daemon off; pid $dir/nginx.pid; error_log $dir/nginx.log;
events {}
http {
	access_log off; client_body_temp_path $dir/t1; proxy_temp_path $dir/t2; fastcgi_temp_path $dir/t3; uwsgi_temp_path $dir/t4; scgi_temp_path $dir/t5;
	server { listen 127.0.0.1:$default; location / { proxy_pass http://127.0.0.1:$server; } }
	server { listen 127.0.0.1:$newer; location / { proxy_pass http://127.0.0.1:$server; proxy_http_version 1.1; } }
}
CONF
cat >lighttpd.conf <<CONF
server.document-root = "$dir"
server.bind = "127.0.0.1"
server.port = $other
server.modules = ("mod_proxy")
proxy.server = ("" => (("host" => "127.0.0.1", "port" => $server)))
CONF
"$nginx" -p "$dir" -c "$dir/nginx.conf" >>log 2>&1 & pids="$pids $!"
"$lighttpd" -D -f lighttpd.conf -m "$dir/root/usr/lib/lighttpd" >>log 2>&1 & pids="$pids $!"

cat >ask.py <<'PY'
import http.client, sys, time
for _ in range(100):
    try:
        connection = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]), timeout=20)
        connection.request('GET', '/metrics')
        break
    except ConnectionRefusedError:
        time.sleep(0.1)
response = connection.getresponse()
try:
    print(response.status, 'complete,', response.read().count(b'\n'), 'lines')
except http.client.IncompleteRead:
    print(response.status, 'incomplete')
PY
direct=$(python3 ask.py "$server") by_default=$(python3 ask.py "$default") by_newer=$(python3 ask.py "$newer") by_other=$(python3 ask.py "$other")
printf '%s\n' "without a proxy:         $direct" "nginx:                   $by_default" "nginx with HTTP/1.1:     $by_newer" "lighttpd:                $by_other"
[ "$direct" = '200 incomplete' ] && [ "$by_newer" = '200 incomplete' ] && [ "$by_default" = '200 complete, 4 lines' ] &&
	[ "$by_other" = '200 complete, 4 lines' ]
