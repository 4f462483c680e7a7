import type {Readable} from 'node:stream';
import {PassThrough, pipeline} from 'node:stream';
import * as zlib from 'node:zlib';
import {cleanText} from './clean-text.ts';
import {TooComplex} from './read-body.ts';

/** The requested encodings: every Node.js can decode them, and every server can produce them. */
export const acceptedEncoding = 'gzip';

/** More than one is unusual, and each may make a small body a large one. */
const mostEncodings = 2;

type Decode = (body: Readable) => Readable;

function through(create: () => zlib.Gunzip): Decode {
	// Errors are seen by the reader of the result.
	return body => pipeline(body, create(), () => undefined);
}

/** zstd is there from Node.js 22.15 on. */
const createZstd = 'createZstdDecompress' in zlib ? zlib.createZstdDecompress : undefined;

const decoders: Readonly<Record<string, Decode | undefined>> = {
	identity: body => body,
	gzip: through(zlib.createGunzip),
	'x-gzip': through(zlib.createGunzip),
	deflate: inflate,
	br: through(zlib.createBrotliDecompress),
	zstd: createZstd === undefined ? undefined : through(createZstd),
};

/**
 * Returns a body decoded by its `content-encoding` header, which a proxy on the way may have added although only gzip
 * was requested. The body is decoded while it is read.
 *
 * @throws TooComplex for an encoding that this Node.js can't decode
 */
export function decodeBody(body: Readable, encodings: string): Readable {
	const names = encodings
		.toLowerCase()
		.split(',')
		.map(name => name.trim())
		.filter(name => name !== '');
	if (names.length > mostEncodings) {
		throw new TooComplex('encoded too many times');
	}

	// The last one was applied last.
	return names.reduceRight((encoded, name) => decoderOf(name)(encoded), body);
}

function decoderOf(name: string): Decode {
	const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
	if (decode === undefined) {
		throw new TooComplex(`encoded as ${cleanText(name, 20)}, which Node.js ${process.versions.node} can't decode`);
	}

	return decode;
}

/** Decodes deflate in the format of zlib (RFC 9110, section 8.4.1.2), or without its header, as some servers send it. */
function inflate(body: Readable): Readable {
	const decoded = new PassThrough();
	const end = (): void => void decoded.end();
	body.once('error', error => decoded.destroy(error));
	body.once('end', end);
	body.once('data', (first: Buffer) => {
		body.off('end', end);
		body.pause();
		body.unshift(first);
		const hasHeader = ((first[0] ?? 0) & 0x0f) === 8;
		pipeline(body, hasHeader ? zlib.createInflate() : zlib.createInflateRaw(), decoded, () => undefined);
	});
	return decoded;
}
