import type {Deployment} from '../api/deployment.ts';
import type {Failure} from '../api/failure.ts';
import type {Watched} from '../api/watched.ts';
import {type ExitCode, exitCodes, UserError} from '../errors/user-error.ts';
import {isLive} from '../metrics/deployment-order.ts';
import {adviseOnProxyStatus, isUntrusted} from '../text/failure-codes.ts';
import {describeFailure} from '../text/failure-text.ts';

/** What was asked for, to name it in a sentence: `keyFrom` says where the key was found, never what it is. */
export type Asked = {
	readonly watched: Watched;
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

function nameDeployments(known: readonly Deployment[]): string {
	const names = known.slice(0, namedAtMost).map(({id, baseModel, status}) => {
		const details = [baseModel, status].filter(detail => detail !== undefined);
		return details.length === 0 ? id : `${id} (${details.join(', ')})`;
	});
	return names.join(', ') + (known.length > namedAtMost ? ` and ${known.length - namedAtMost} more` : '');
}

function describeKnown(known: readonly Deployment[] | undefined): string {
	if (known === undefined) {
		return 'Check the id with your workspace, and that the key is of the right one.';
	}

	if (known.length === 0) {
		return 'This key sees no deployment at all: is it of the right workspace?';
	}

	return `This key sees ${nameDeployments(known)}.`;
}

/** What was asked for, as the object of a sentence. */
function describeWatched(watched: Watched): string {
	switch (watched.kind) {
		case 'deployment':
			return `deployment ${watched.id}`;
		case 'run':
			return `run ${watched.id}`;
		case 'unchosen':
			return 'the list of deployments';
	}
}

function describeMissing({watched, host, known}: Asked): string {
	switch (watched.kind) {
		case 'deployment':
			return `There is no deployment or run ${watched.id} at ${host}. ${describeKnown(known)}`;
		case 'run':
			return `There is no run ${watched.id} at ${host}. Check its id, and that the key is of the right workspace.`;
		case 'unchosen':
			return `${host} has no list of deployments: give the id of one, as in loops-top k4q95w5.`;
	}
}

/** The sentence for a run that has no deployment. */
export function serverless(run: string): UserError {
	return new UserError(
		`Run ${run} has no deployment of its own, as it is serverless: there are no metrics of it here. Watch a deployment instead.`,
		exitCodes.notFound,
	);
}

/** The sentence for a list of deployments that nobody is there to choose from. */
export function undecided(list: readonly Deployment[]): UserError {
	const live = list.filter(isLive);
	const sentence =
		live.length > 1
			? `${live.length} deployments are live: name one of ${nameDeployments(live)}.`
			: list.length > 0
				? `No deployment is live: name one of ${nameDeployments(list)}.`
				: 'This key sees no deployment at all: name one with --org, or use a key of the right workspace.';
	return new UserError(sentence, exitCodes.usage);
}

function adviceFor(failure: Failure): string {
	if (failure.kind === 'proxy-refusal') {
		return adviseOnProxyStatus(failure);
	}

	if ((failure.kind === 'network' || failure.kind === 'proxy-network') && isUntrusted(failure.code)) {
		return 'If a proxy or firewall inspects TLS, set NODE_EXTRA_CA_CERTS to a PEM file with its CA certificate.';
	}

	return failure.kind === 'proxy-network'
		? 'Check the address in HTTPS_PROXY or HTTP_PROXY, or exempt the API with NO_PROXY.'
		: 'Try again, or check the address with --api-url.';
}

/** The sentence for a failure that no waiting mends, with its exit code: what is wrong, and what to do. */
export function refusal(failure: Failure, asked: Asked): UserError {
	const {watched, host, keyFrom} = asked;
	const said = describeFailure(failure);
	const code = exitCodeOf(failure);
	switch (code) {
		case exitCodes.authentication:
			return new UserError(
				failure.kind === 'status' && failure.status === 403
					? `The key from ${keyFrom} may not see ${describeWatched(watched)} (${said}). Ask for access, or use a key of its workspace.`
					: `${host} does not accept the key from ${keyFrom} (${said}). Set BASETEN_API_KEY to a valid key, or choose another with --profile or --remote.`,
				code,
			);
		case exitCodes.notFound:
			return new UserError(describeMissing(asked), code);
		default:
			return new UserError(`Nothing of ${describeWatched(watched)}: ${said}. ${adviceFor(failure)}`, code);
	}
}
