import type {Deployment} from './api/deployment.ts';
import {describeFailure, type Failure} from './api/failure.ts';
import {type ExitCode, exitCodes, UserError} from './user-error.ts';

/** What was asked for, to name it in a sentence: `keyFrom` says where the key was found, never what it is. */
export type Asked = {
	readonly deploymentId: string;
	readonly host: string;
	readonly keyFrom: string;
	/** The deployments that this key can see, where they could be asked for. */
	readonly known: readonly Deployment[] | undefined;
};

/** The exit code of a failure that ends the program. */
function exitCodeOf(failure: Failure): ExitCode {
	if (failure.kind !== 'status') {
		return exitCodes.server;
	}

	const {status} = failure;
	if (status === 401 || status === 403) {
		return exitCodes.authentication;
	}

	return status === 404 ? exitCodes.notFound : status < 500 ? exitCodes.client : exitCodes.server;
}

/** So many names of deployments fit a sentence. */
const namedAtMost = 5;

function describeKnown(known: readonly Deployment[] | undefined): string {
	if (known === undefined) {
		return 'Check the id with your workspace, and that the key is of the right one.';
	}

	if (known.length === 0) {
		return 'This key sees no deployment at all: is it of the right workspace?';
	}

	const names = known.slice(0, namedAtMost).map(({id, baseModel, status}) => {
		const details = [baseModel, status].filter(detail => detail !== undefined);
		return details.length === 0 ? id : `${id} (${details.join(', ')})`;
	});
	const more = known.length > namedAtMost ? ` and ${known.length - namedAtMost} more` : '';
	return `This key sees ${names.join(', ')}${more}.`;
}

/** The sentence for a failure that no waiting mends, with its exit code: what is wrong, and what to do. */
export function refusal(failure: Failure, {deploymentId, host, keyFrom, known}: Asked): UserError {
	const said = describeFailure(failure);
	const code = exitCodeOf(failure);
	switch (code) {
		case exitCodes.authentication:
			return new UserError(
				failure.kind === 'status' && failure.status === 403
					? `The key from ${keyFrom} may not see deployment ${deploymentId} (${said}). Ask for access, or use a key of its workspace.`
					: `${host} does not accept the key from ${keyFrom} (${said}). Set BASETEN_API_KEY to a valid key, or choose another with --profile or --remote.`,
				code,
			);
		case exitCodes.notFound:
			return new UserError(`There is no deployment ${deploymentId} at ${host}. ${describeKnown(known)}`, code);
		default:
			return new UserError(
				`No metrics of ${deploymentId}: ${said}. Try again, or see the address with --api-url.`,
				code,
			);
	}
}
