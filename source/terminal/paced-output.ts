import type {Pacing} from './pacing.ts';

/** Longer than any control sequence, and shorter than any picture. */
const longestControl = 64;

/** Standard output as it is drawn to. */
export type PacedOutput = {
	readonly output: NodeJS.WriteStream;
	/** Stops drawing: nobody sees the last frame before a screen is removed. */
	readonly leave: () => void;
};

/** Creates an output that reports to the pacing how much is written to standard output. */
export function createPacedOutput(stdout: NodeJS.WriteStream, pacing: Pick<Pacing, 'wrote'>): PacedOutput {
	let isLeft = false;
	const write = (data: string, ...rest: readonly never[]): boolean => {
		const kept = isLeft && data.length > longestControl ? '' : data;
		const isRoomy = stdout.write(kept, ...rest);
		pacing.wrote(Buffer.byteLength(kept));
		return isRoomy;
	};
	const proxy = new Proxy(stdout, {
		get(target, name) {
			if (name === 'write') {
				return write;
			}

			const value: unknown = Reflect.get(target, name, target);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
	return {
		output: proxy,
		leave() {
			isLeft = true;
		},
	};
}
