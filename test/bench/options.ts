import {parseArgs} from 'node:util';

export const usage = `npm run bench -- [--minutes N] [--rounds N] [--only PARTS] [--readme] [--against COMMIT] [--nodes N,N]
  --minutes N   how long the programs run without input (default 1); with 6 or more, heap growth is also measured
  --rounds N    how many times starts, keypresses, and polls are repeated (default 7)
  --only PARTS  measure only some of start,steady,keys,overview,inside,growth,package; the others keep their results
  --readme      write the table into docs/cost.md
  --against C   also build commit C, measure both in the same run, and print how they compare; nothing is stored
  --nodes N,N   measure only a poll, a keypress, and the memory use for N nodes with 8 GPUs each, such as 128,512,1024
`;

export const parts = ['start', 'steady', 'keys', 'overview', 'inside', 'growth', 'package'] as const;
export type Part = (typeof parts)[number];

export type Options = {
	readonly minutes: number;
	readonly rounds: number;
	readonly only: readonly Part[];
	readonly readme: boolean;
	readonly against: string | undefined;
	readonly nodes: readonly number[];
};

/** Returns the options; undefined if the usage should be printed. */
export function readOptions(args: readonly string[]): Options | undefined {
	try {
		const {values} = parseArgs({
			args: [...args],
			options: {
				minutes: {type: 'string', default: '1'},
				rounds: {type: 'string', default: '7'},
				only: {type: 'string', default: parts.join(',')},
				readme: {type: 'boolean', default: false},
				against: {type: 'string'},
				nodes: {type: 'string', default: ''},
			},
		});
		const minutes = Number(values.minutes);
		const rounds = Number(values.rounds);
		const names = values.only.split(',');
		const only = parts.filter(part => names.includes(part));
		const nodes = values.nodes === '' ? [] : values.nodes.split(',').map(Number);
		const areCounts = nodes.every(count => Number.isInteger(count) && count >= 1);
		const isFine = minutes > 0 && rounds >= 1 && only.length === names.length && areCounts;
		return isFine
			? {minutes, rounds: Math.round(rounds), only, readme: values.readme, against: values.against, nodes}
			: undefined;
	} catch {
		return undefined;
	}
}
