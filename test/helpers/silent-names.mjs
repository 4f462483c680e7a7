// Loaded before the program: a resolver that doesn't answer. As getaddrinfo would, each lookup keeps a thread of Node's
// pool busy without end, here by opening a named pipe that nobody writes to.
import dns from 'node:dns';
import {open} from 'node:fs';
import process from 'node:process';

dns.lookup = () => open(process.env['LOOPS_TOP_TEST_PIPE'] ?? '', 'r', () => undefined);
