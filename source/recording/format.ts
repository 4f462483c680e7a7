import * as z from 'zod/mini';
import {cleanText} from '../api/clean-text.ts';
import type {Failure, Result} from '../api/failure.ts';
import type {ApiRequest} from '../api/http.ts';
import type {Target} from '../api/target.ts';

/** The beginning of a session. A recording can contain several sessions. The time is in epoch milliseconds. */
export type RecordingSession = {
	readonly kind: 'session';
	readonly program: string;
	readonly target: Target;
	readonly host: string;
	readonly startedMs: number;
};

/**
 * The data recorded about a response in addition to its body. Times are in epoch milliseconds, on a clock that follows
 * the server's.
 */
export type ResponseHead = {
	readonly sentMs: number;
	readonly receivedMs: number;
	/** The name of the window that was shown at the time of the request. */
	readonly window: string;
	readonly request: ApiRequest;
};

/** A recorded response: its request, its times, and its result. */
export type ResponseRecord = ResponseHead & {readonly result: Result<unknown>};

/** A response in a recording. Its result is parsed on demand, and is undefined if it is truncated or malformed. */
export type RecordedResponse = ResponseHead & {
	readonly kind: 'response';
	/** Whether the request succeeded. The body might still be truncated. */
	readonly isGood: boolean;
	/** The length of its line, in bytes. */
	readonly bytes: number;
	readonly readResult: () => Result<unknown> | undefined;
};

/** One line of a recording. */
export type Entry = RecordingSession | RecordedResponse;

const version = 1;

function text(limit: number) {
	return z.pipe(
		z.string(),
		z.transform(value => cleanText(value, limit)),
	);
}

const time = z.pipe(
	z.iso.datetime({offset: true}),
	z.transform(value => Date.parse(value)),
);

const takeSchema = z.pipe(
	z.object({
		'loops-top': z.literal('recording'),
		version: z.literal(version),
		program: text(40),
		deployment: z.optional(text(200)),
		run: z.optional(text(200)),
		host: text(200),
		started: time,
	}),
	z.transform(({program, deployment, run, host, started}): RecordingSession => {
		const id = deployment ?? run;
		const kind = deployment === undefined ? 'run' : 'deployment';
		return {
			kind: 'session',
			program,
			target: id === undefined ? {kind: 'unchosen'} : {kind, id},
			host,
			startedMs: started,
		};
	}),
);

const headSchema = z.object({
	asked: time,
	answered: time,
	window: z.string(),
	path: z.string(),
	body: z.optional(z.unknown()),
	failure: z.optional(z.unknown()),
});

const amount = z.number().check(z.nonnegative());

/** A recording can come from another person, so its strings are cleaned like those from a server. */
const failureSchema = z.union([
	z.pipe(
		z.object({kind: z.literal('status'), status: z.int(), message: text(200), retryAfterMs: z.optional(amount)}),
		z.transform(({retryAfterMs, ...failure}) => ({...failure, retryAfterMs})),
	),
	z.object({kind: z.literal('redirect'), status: z.int(), host: text(80)}),
	z.object({kind: z.literal('network'), code: text(60), host: text(200)}),
	z.pipe(
		z.object({
			kind: z.literal('proxy-refusal'),
			status: z.int(),
			host: text(200),
			api: z.optional(text(200)),
			passwordFrom: z.optional(text(60)),
		}),
		z.transform(({api = 'the API', passwordFrom, ...failure}) => ({...failure, api, passwordFrom})),
	),
	z.object({kind: z.literal('proxy-network'), code: text(60), host: text(200)}),
	z.object({kind: z.literal('timeout'), afterMs: amount}),
	z.object({kind: z.literal('too-large'), limitBytes: amount}),
	z.object({kind: z.literal('cut-off')}),
	z.object({kind: z.literal('not-json'), contentType: text(40)}),
	z.object({kind: z.literal('wrong-shape'), problem: text(200)}),
]) satisfies z.ZodMiniType<Failure>;

const resultSchema = z.union([
	z.pipe(
		z.object({tookMs: amount, failure: failureSchema}),
		z.transform(fields => ({ok: false as const, ...fields})),
	),
	z.pipe(
		z.looseObject({tookMs: amount}).check(z.refine(fields => 'ok' in fields)),
		z.transform(fields => {
			return {ok: true as const, value: fields['ok'], tookMs: fields.tookMs};
		}),
	),
]);

/** Returns the line that a session begins with, including its line break. */
export function encodeSession({program, target, host, startedMs}: Omit<RecordingSession, 'kind'>): string {
	return encode({
		'loops-top': 'recording',
		version,
		program,
		...(target.kind === 'unchosen' ? {} : {[target.kind]: target.id}),
		host,
		started: new Date(startedMs).toISOString(),
	});
}

/** Formats a response as a line. The large parts come last, so that the rest can be read without them. */
export function encodeResponse({sentMs, receivedMs, window, request, result}: ResponseRecord): string {
	const {path, body} = request;
	return encode({
		asked: new Date(sentMs).toISOString(),
		answered: new Date(receivedMs).toISOString(),
		window,
		method: body === undefined ? 'GET' : 'POST',
		path,
		body,
		tookMs: result.tookMs,
		...(result.ok ? {ok: result.value} : {failure: result.failure}),
	});
}

function encode(fields: object): string {
	return `${JSON.stringify(fields)}\n`;
}

/**
 * Parses a line without its line break; undefined if the line is of an unknown kind or is truncated, unless only the
 * body of a successful response is truncated.
 */
export function decodeLine(line: Buffer): Entry | undefined {
	// Quotes within a string are escaped, so the body of the response begins here, unless the request has a field named
	// `ok`.
	const end = line.indexOf(',"ok":');
	const fields = (end < 0 ? undefined : parse(`${line.toString('utf8', 0, end)}}`)) ?? parse(line.toString());
	const head = headSchema.safeParse(fields);
	if (!head.success) {
		return takeSchema.safeParse(fields).data;
	}

	const {asked, answered, window, path, body, failure} = head.data;
	return {
		kind: 'response',
		isGood: failure === undefined,
		bytes: line.length,
		sentMs: asked,
		receivedMs: answered,
		window,
		request: body === undefined ? {path} : {path, body},
		readResult: () => resultSchema.safeParse(parse(line.toString())).data,
	};
}

function parse(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return undefined;
	}
}
