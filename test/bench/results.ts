import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type {Measure, Values} from './measures.ts';

const values = z.record(z.string(), z.number().optional());

const fit = z.object({what: z.string(), base: z.number(), slope: z.number(), unit: z.string()});

const result = z.object({
	/** The time, the Node.js version, and the load of the machine. */
	at: z.string(),
	node: z.string(),
	load: z.array(z.number()),
	minutes: z.number(),
	/** The measurements of Node.js alone, of the program, and of every other program, by their names. */
	programs: z.record(z.string(), values),
	growth: z.array(fit),
	/** The median times of each key that is measured inside the process, in milliseconds. */
	keys: z.record(z.string(), z.object({wallMs: z.number(), cpuMs: z.number()})),
});

/** The measurements of one run. */
export type Result = z.infer<typeof result>;

const file = path.join(import.meta.dirname, 'results', 'last.json');

/** Returns the result of the previous run; undefined if there is none, or if it has a different format. */
export function readLastResult(): Result | undefined {
	try {
		return result.parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch {
		return undefined;
	}
}

/** Stores a result for the next run, without values that couldn't be measured. Returns the path. */
export function keepResult(last: Result): string {
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, `${JSON.stringify(last, undefined, '\t')}\n`);
	return file;
}

/** The names of Node.js and the program itself in a result. */
export const nodeName = 'node';
export const ownName = 'loops-top';

/**
 * Returns a measure's value for a program as a multiple of Node.js's value; undefined if the measure has no yardstick,
 * or if one of the values is unknown.
 */
export function ratioOf({name, yard, unit}: Measure, own: Values, node: Values): number | undefined {
	const value = own[name];
	const yardValue = yard === undefined ? undefined : node[yard];
	if (value === undefined || yardValue === undefined || yardValue === 0) {
		return undefined;
	}

	return (unit === 's/min' ? value * 1000 : value) / yardValue;
}

/** Returns whether a program exceeds the measure's budget; undefined if there is no budget, or a value is unknown. */
export function isOver(measure: Measure, own: Values, node: Values): boolean | undefined {
	const {most, name} = measure;
	if (most === undefined) {
		return undefined;
	}

	const value = 'ratio' in most ? ratioOf(measure, own, node) : own[name];
	return value === undefined ? undefined : value > ('ratio' in most ? most.ratio : most.value);
}
