import {errorCodeOf} from '../api/error-code.ts';
import type {Network} from '../api/network.ts';
import type {HttpResponse} from '../api/read-body.ts';
import type {DebugLog} from './debug-log.ts';

type Log = Pick<DebugLog, 'note'>;

/**
 * Wraps a network so that it logs the method, path, status, bytes and milliseconds of each request, and nothing else.
 */
export function loggedNetwork(network: Network, log: Log, elapsed: () => number): Network {
	return {
		async send(url, sent) {
			const beganMs = elapsed();
			const what = `${sent.method} ${url.pathname}${url.search}`;
			const logEnd = (came: string): void =>
				log.note('request', `${what} ${came} ${Math.round(elapsed() - beganMs)} ms`);
			try {
				const answer = await network.send(url, sent);
				return {
					...headOf(answer),
					body: counted(answer, (bytes, end) => logEnd(`${answer.status} ${bytes} bytes${end}`)),
				};
			} catch (error) {
				logEnd(sent.signal.aborted ? 'given up' : `failed ${errorCodeOf(error)}`);
				throw error;
			}
		},
	};
}

function headOf({ok, status, url, headers}: HttpResponse): Omit<HttpResponse, 'body'> {
	return {ok, status, url, headers};
}

/** Returns the same body, and reports once how many bytes of it were read, and whether that was all. */
function counted({body}: HttpResponse, logEnd: (bytes: number, end: string) => void): HttpResponse['body'] {
	if (body === null) {
		logEnd(0, '');
		return null;
	}

	return {
		async *[Symbol.asyncIterator]() {
			let bytes = 0;
			let end = ' (not all)';
			try {
				for await (const chunk of body) {
					bytes += chunk.byteLength;
					yield chunk;
				}

				end = '';
			} finally {
				logEnd(bytes, end);
			}
		},
		async cancel() {
			logEnd(0, ' (not all)');
			await body.cancel();
		},
	};
}
