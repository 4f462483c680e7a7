import type {Deployment} from '../api/deployment.ts';
import {type Failure, hasStatus} from '../api/failure.ts';
import type {Target} from '../api/target.ts';
import {type ExitCode, exitCodes, UserError} from '../errors/user-error.ts';
import type {FatalReason} from '../polling/polling-context.ts';
import {isLive} from '../state/overview.ts';
import {adviseOnProxyStatus, describeFailure, isUntrusted} from '../text/failure-text.ts';
import type {Connection} from './connect.ts';
import type {Session} from './session.ts';

/**
 * The failed request, as context for an error message. `keySource` says where the key was found, and never contains the
 * key.
 */
export type FailedRequest = {
	readonly target: Target;
	readonly host: string;
	readonly keySource: string;
	/** The deployments that this key has access to; undefined if the list isn't needed or couldn't be loaded. */
	readonly known: readonly Deployment[] | undefined;
};

/** Returns the exit code for a failure that ends the program. */
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

/** The maximum number of deployments that a sentence names. */
const namedAtMost = 5;

function nameDeployments(known: readonly Deployment[]): string {
	const names = known.slice(0, namedAtMost).map(({id, baseModel, status}) => {
		const details = [baseModel, status].filter(detail => detail !== undefined);
		return details.length === 0 ? id : `${id} (${details.join(', ')})`;
	});
	return names.join(', ') + (known.length > namedAtMost ? `, and ${known.length - namedAtMost} more` : '');
}

function describeKnown(known: readonly Deployment[] | undefined): string {
	if (known === undefined) {
		return 'Check the ID, and make sure that the key is from the right workspace.';
	}

	if (known.length === 0) {
		return 'This key has no deployments. Is it from the right workspace?';
	}

	return `This key has access to ${nameDeployments(known)}.`;
}

/** Names the requested resource, as the object of a sentence. */
function describeTarget(target: Target): string {
	switch (target.kind) {
		case 'deployment':
			return `deployment ${target.id}`;
		case 'run':
			return `run ${target.id}`;
		case 'unchosen':
			return 'the list of deployments';
	}
}

function describeMissing({target, host, known}: FailedRequest): string {
	switch (target.kind) {
		case 'deployment':
			return `There is no deployment or run ${target.id} at ${host}. ${describeKnown(known)}`;
		case 'run':
			return `There is no run ${target.id} at ${host}. Check the ID or name, and make sure that the key is from the right workspace.`;
		case 'unchosen':
			return `${host} has no list of deployments. Pass an ID, as in loops-top k4q95w5.`;
	}
}

/** Returns the error for a run without a deployment. */
export function noDeploymentForRun(run: string): UserError {
	return new UserError(
		`Run ${run} is serverless: it has no deployment and no metrics. Watch a deployment instead.`,
		exitCodes.notFound,
	);
}

/** Returns the error for a list of deployments from which the user can't choose because there is no screen. */
export function ambiguousDeployment(list: readonly Deployment[]): UserError {
	const live = list.filter(isLive);
	const sentence =
		live.length > 1
			? `${live.length} deployments are live. Pass one of: ${nameDeployments(live)}.`
			: list.length > 0
				? `No deployment is live. Pass one of: ${nameDeployments(list)}.`
				: "This key has no deployments. List the organization's with --org, or use a key from the right workspace.";
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
		: 'Try again, or check the address in --api-url.';
}

/**
 * Returns the error for a failure that ends the program, with the exit code. Its message says what happened and what to
 * do.
 */
export function explainFailure(failure: Failure, asked: FailedRequest): UserError {
	const {target, host, keySource} = asked;
	const said = describeFailure(failure);
	const code = exitCodeOf(failure);
	switch (code) {
		case exitCodes.authentication:
			return new UserError(
				failure.kind === 'status' && failure.status === 403
					? `The key from ${keySource} can't access ${describeTarget(target)} (${said}). Ask for access, or use ${target.kind === 'unchosen' ? 'another key' : 'a key from its workspace'}.`
					: `${host} rejected the key from ${keySource} (${said}). Set BASETEN_API_KEY to a valid key, or choose another with --profile or --remote.`,
				code,
			);
		case exitCodes.notFound:
			return new UserError(describeMissing(asked), code);
		default:
			return new UserError(`Couldn't load ${describeTarget(target)}: ${said}. ${adviceFor(failure)}`, code);
	}
}

/** Returns the error that explains why polling ended. For a missing deployment, it lists the deployments that exist. */
export async function explainFatal(
	fatal: FatalReason,
	{client, store}: Session,
	connection: Connection,
): Promise<UserError> {
	if (fatal.kind !== 'refused') {
		return fatal.kind === 'serverless' ? noDeploymentForRun(fatal.run) : ambiguousDeployment(fatal.list);
	}

	const {failure} = fatal;
	const {target, deployments} = store.getState();
	const isMissing = hasStatus(failure, 404) && target.kind === 'deployment';
	const list = isMissing
		? await client.deployments(deployments.scope, AbortSignal.timeout(5000)).catch(() => undefined)
		: undefined;
	return explainFailure(failure, {
		target,
		host: connection.apiUrl.host,
		keySource: connection.keySource(),
		known: list?.ok === true ? list.value : undefined,
	});
}
