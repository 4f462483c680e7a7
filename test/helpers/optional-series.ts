import type {SeriesPath} from '../../source/api/series-table.ts';

/** Returns the result of `run`, during which a series of a table is optional. */
export function withOptional<Result>(path: SeriesPath, run: () => Result): Result {
	const {isOptional = false} = path;
	try {
		Object.assign(path, {isOptional: true});
		return run();
	} finally {
		Object.assign(path, {isOptional});
	}
}
