// Loaded before the program: makes name resolution hang. Like a call to getaddrinfo that doesn't return, each lookup
// keeps a thread of Node.js's pool busy forever, in this case by opening a named pipe that no process writes to. The
// hostname is written to a file next to the pipe.
import dns from 'node:dns';
import {open, writeFileSync} from 'node:fs';
import {isIP} from 'node:net';
import process from 'node:process';

const pipe = process.env['LOOPS_TOP_TEST_PIPE'] ?? '';
const {lookup} = dns;

dns.lookup = (name, ...rest) => {
	if (isIP(name) > 0) {
		lookup(name, ...rest);
		return;
	}

	writeFileSync(`${pipe}-name`, name);
	open(pipe, 'r', () => undefined);
};
