// Loaded before the program. While the file at the path in the environment variable LOOPS_TOP_TEST_NAMES exists,
// hostnames can't be resolved, as if there were no network connection.
import dns from 'node:dns';
import {existsSync} from 'node:fs';
import process from 'node:process';

const {lookup} = dns;

dns.lookup = (...given) => {
	if (!existsSync(process.env['LOOPS_TOP_TEST_NAMES'] ?? '')) {
		lookup(...given);
		return;
	}

	process.nextTick(given.at(-1), Object.assign(new Error('getaddrinfo ENOTFOUND'), {code: 'ENOTFOUND'}));
};
