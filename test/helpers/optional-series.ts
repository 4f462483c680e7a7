import type {SeriesPath} from '../../source/api/series-table.ts';

/** Calls `run` while the series with this path counts as optional, and returns the result. */
export function withOptional<Result>(path: SeriesPath, run: () => Result): Result {
	const {isOptional = false} = path;
	try {
		Object.assign(path, {isOptional: true});
		return run();
	} finally {
		Object.assign(path, {isOptional});
	}
}
