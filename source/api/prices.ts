import * as z from 'zod/mini';
import {cleanText} from './clean-text.ts';

/** List prices by instance type id: US dollars for one instance and hour. */
export type Prices = ReadonlyMap<string, number>;

const minutesPerHour = 60;

/** No machine costs more than this per minute: a larger number is in another unit. */
const highestPerMinute = 10_000;

/** Amounts come as numbers and as numeric strings. */
const amount = z
	.union([z.number(), z.pipe(z.string().check(z.regex(/^\s*\d+(?:\.\d+)?\s*$/)), z.transform(Number))])
	.check(z.refine(value => value > 0 && value <= highestPerMinute));

const id = z.string().check(z.minLength(1), z.maxLength(1000));
const entrySchema = z.pipe(
	z.object({instance_type: z.object({id}), price: amount}),
	z.transform(({instance_type: {id}, price}) => [cleanText(id, 200), price * minutesPerHour] as const),
);
const answerSchema = z.object({instance_types: z.array(z.unknown())});

/** Baseten has fewer than a hundred instance types. */
const mostPrices = 5000;

/**
 * Parses `{instance_types: [{instance_type: {id}, price}]}`, where `price` is in US dollars per minute (Baseten's
 * OpenAPI specification, September 2026). Entries without an id or a positive price are omitted; undefined if the body
 * is another response.
 */
export function readPrices(body: unknown): Prices | undefined {
	const entries = answerSchema.safeParse(body).data?.instance_types.slice(0, mostPrices);
	return entries && new Map(entries.flatMap(entry => readEntry(entry)));
}

function readEntry(entry: unknown): ReadonlyArray<readonly [id: string, perHour: number]> {
	const {data} = entrySchema.safeParse(entry);
	return data === undefined ? [] : [data];
}
