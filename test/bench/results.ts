import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type {Measure, Values} from './measures.ts';

const values = z.record(z.string(), z.number().optional());

const fit = z.object({what: z.string(), base: z.number(), slope: z.number(), unit: z.string()});

const result = z.object({
	/** When, on which Node, and how busy the machine was then. */
	at: z.string(),
	node: z.string(),
	load: z.array(z.number()),
	minutes: z.number(),
	/** What was measured of Node alone, of the program, and of every yardstick, by their names. */
	programs: z.record(z.string(), values),
	growth: z.array(fit),
	/** Of each key in the process, the medians in milliseconds. */
	keys: z.record(z.string(), z.object({wallMs: z.number(), cpuMs: z.number()})),
});

/** What one run measured. */
export type Result = z.infer<typeof result>;

const file = path.join(import.meta.dirname, 'results', 'last.json');

/** The result of the previous run; undefined if there is none, or if it has another form. */
export function readLastResult(): Result | undefined {
	try {
		return result.parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch {
		return undefined;
	}
}

/** Keeps a result for the next run. Values that could not be measured are left out. Returns where it is. */
export function keepResult(last: Result): string {
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, `${JSON.stringify(last, undefined, '\t')}\n`);
	return file;
}

/** The names under which a result has Node and the program itself. */
export const nodeName = 'node';
export const ownName = 'loops-top';

/** A measure's value of a program, in multiples of Node's where it has a yard. */
export function ratioOf({name, yard, unit}: Measure, own: Values, node: Values): number | undefined {
	const value = own[name];
	const yardValue = yard === undefined ? undefined : node[yard];
	if (value === undefined || yardValue === undefined || yardValue === 0) {
		return undefined;
	}

	return (unit === 's/min' ? value * 1000 : value) / yardValue;
}

/** Whether a program costs more than it may; undefined where that isn't known. */
export function isOver(measure: Measure, own: Values, node: Values): boolean | undefined {
	const {most, name} = measure;
	if (most === undefined) {
		return undefined;
	}

	const value = 'ratio' in most ? ratioOf(measure, own, node) : own[name];
	return value === undefined ? undefined : value > ('ratio' in most ? most.ratio : most.value);
}
