/**
 * Loaded before the program (`NODE_OPTIONS=--import=…`): writes everything that the program had drawn before it sent its
 * first request to the file that the environment variable `DRAWN_FILE` names.
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
