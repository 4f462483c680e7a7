import {hang, type Reply, type Respond, reset, type ScriptedServer} from './scripted-server.ts';
import {healthy, isMetrics} from './served.ts';

/** Something that goes wrong in the middle of a run. The tests, and a table in the README, are made from these. */
export type Fault = {
	/** What happens, as the README has it. */
	readonly what: string;
	/** What the header says in short. */
	readonly header: string;
	/** What the line above the keys says of it, as the README has it. */
	readonly says: string;
	readonly begin: (server: ScriptedServer) => void | Promise<void>;
	readonly end?: (server: ScriptedServer) => void | Promise<void>;
};

/** The metrics are answered so; all else is well. */
function metrics(reply: Reply): Fault['begin'] {
	const respond: Respond = request => (isMetrics(request) ? reply : healthy()(request));
	return server => {
		server.respond = respond;
	};
}

const html = {'content-type': 'text/html'};
const json = {'content-type': 'application/json'};

/** Half of what was announced, and then the end of the connection. */
const half: Reply = response => {
	response.writeHead(200, {...json, 'content-length': '1000'}).write('{"metrics": ');
	setImmediate(() => response.destroy());
};

/** Far more than any answer is, as fast as it is taken. */
const endless: Reply = response => {
	const chunk = Buffer.alloc(1024 ** 2, ' ');
	response.writeHead(200, json);
	const write = (): void => {
		while (!response.destroyed && response.write(chunk)) {
			// Goes on until the client takes no more for now.
		}
	};
	response.on('drain', write);
	response.on('error', () => undefined);
	write();
};

function status(code: number, words: string): Omit<Fault, 'what'> {
	return {header: `× ${code} · again`, says: `${code} ${words}`, begin: metrics({status: code, text: ''})};
}

export const faults: readonly Fault[] = [
	{
		what: 'the connection is refused',
		header: '× no connection · again',
		says: 'refuses connections',
		begin: async server => server.down(),
		end: async server => server.up(),
	},
	{
		what: 'the connection is reset',
		header: '× no connection · again',
		says: 'closed the connection',
		begin: metrics(reset),
	},
	{
		what: 'half an answer comes',
		header: '× cut off · again',
		says: 'the answer was cut off',
		begin: metrics(half),
	},
	{
		what: 'the answer has no end',
		header: '× too large · again',
		says: 'the answer is larger than 64 MiB',
		begin: metrics(endless),
	},
	{
		what: 'a proxy answers with a page',
		header: '× not JSON · again',
		says: 'the answer is text/html, not JSON',
		begin: metrics({text: '<html><body>Sign in</body></html>', headers: html}),
	},
	{
		what: 'the JSON cannot be read',
		header: '× not JSON · again',
		says: 'the answer is unreadable, not JSON',
		begin: metrics({text: '{"metrics": {', headers: json}),
	},
	{
		what: 'the answer is another one',
		header: '× wrong shape · again',
		says: 'the answer has another shape: it has no metrics',
		begin: metrics({json: {hello: 1}}),
	},
	{
		what: 'another host is to be asked (307)',
		header: '× 307 redirect · again',
		says: '307 redirect to elsewhere.invalid, not followed',
		begin: metrics({status: 307, text: '', headers: {location: 'https://elsewhere.invalid/'}}),
	},
	{what: 'the key expires (401)', ...status(401, 'the key is not accepted')},
	{what: 'the key may see it no more (403)', ...status(403, 'the key is not allowed to see this')},
	{
		what: 'there are too many requests (429)',
		...status(429, 'too many requests'),
		begin: metrics({status: 429, json: {error: 'Rate limit exceeded', retry_after: 37}}),
	},
	{what: 'the server has a fault (500)', ...status(500, 'server error')},
	{what: 'a gateway has no server (502, 503)', ...status(503, 'service unavailable')},
	{what: 'a gateway waits too long (504)', ...status(504, 'gateway timed out')},
];

/** The server answers nothing at all: what is seen of it is that the last data grows older. */
export const silence = metrics(hang);
