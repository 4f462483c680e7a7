import type {Client, Scope} from '../api/client.ts';
import {hasStatus, type Result} from '../api/failure.ts';
import {findRun, type Run} from '../api/run.ts';

/**
 * Requests the run with this id or, if there is none (404), the one with this name in the list of runs. If there is
 * neither, returns the response about the id. Throws only if `signal` is aborted.
 */
export async function requestRun(
	client: Client,
	{idOrName, scope}: {readonly idOrName: string; readonly scope: Scope},
	signal: AbortSignal,
): Promise<Result<Run>> {
	const byId = await client.run(idOrName, signal);
	if (byId.ok || !hasStatus(byId.failure, 404)) {
		return byId;
	}

	const list = await client.runs(scope, signal);
	const named = list.ok ? findRun(list.value, idOrName) : undefined;
	return named === undefined ? byId : {ok: true, value: named, tookMs: byId.tookMs};
}
