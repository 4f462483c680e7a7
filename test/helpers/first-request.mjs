/**
 * Loaded before the program (`NODE_OPTIONS=--import=…`): when the program sends its first request, everything that it
 * has drawn so far is written to the file that the environment variable `DRAWN_FILE` names.
 */
import {writeFileSync} from 'node:fs';
import http from 'node:http';
import process from 'node:process';

let drawn = '';
const {request} = http;
const {stdout} = process;
const write = stdout.write.bind(stdout);
stdout.write = (text, ...rest) => {
	drawn += text;
	return write(text, ...rest);
};
http.request = (...args) => {
	http.request = request;
	writeFileSync(process.env.DRAWN_FILE, drawn);
	return request(...args);
};
