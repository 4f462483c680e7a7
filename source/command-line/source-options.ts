import type {ProxyServer} from '../api/network.ts';
import {Secret} from '../api/secret.ts';
import {type Target, targetName} from '../api/target.ts';
import {apiUrlOfRemote, defaultApiUrl, parseBaseUrl, readProxy} from '../credentials/api-url.ts';
import type {Credential, FoundCredential} from '../credentials/credential.ts';
import {findCredential} from '../credentials/find-credential.ts';
import {type HostEnvironment, readVariable} from '../credentials/host-environment.ts';
import {type ScenarioName, scenarios} from '../demo/scenarios.ts';
import {UserError, usageError} from '../errors/user-error.ts';
import type {Arguments} from './arguments.ts';
import {parseName} from './parse-value.ts';
import {parseTarget} from './resource-id.ts';
import {type ReplaySource, readReplay} from './time-options.ts';

/** The deployment or run to watch, if one was chosen, and everything that is needed to send requests about it. */
export type DeploymentSource = {
	readonly kind: 'deployment';
	readonly target: Target;
	readonly apiUrl: URL;
	/** The proxy for requests; undefined for a direct connection. */
	readonly proxy: ProxyServer | undefined;
	readonly credential: FoundCredential;
	/**
	 * Reads the stored key again, because other programs renew it. Returns undefined if it can't be read, or if the key
	 * comes from another source or belongs to another Baseten host, because such a key must not be sent to this API.
	 */
	readonly readCredential: () => FoundCredential | undefined;
};

type DemoSource = {readonly kind: 'demo'; readonly scenario: ScenarioName};

/** A source whose data is requested live. */
export type LiveSource = DeploymentSource | DemoSource;
/** The source of responses: the API, the demo, or a recording. */
export type Source = LiveSource | ReplaySource;

/**
 * Returns the name of the source, for the process title and the first frame; empty if no deployment or run was chosen.
 */
export function sourceName(target: Source): string {
	switch (target.kind) {
		case 'demo':
			return `demo ${target.scenario}`;
		case 'replay':
			return `replay ${target.file}`;
		case 'deployment':
			return targetName(target.target);
	}
}

/** The API URL, and its source as --print-config shows it. */
type ApiUrl = {readonly url: URL; readonly from: string};

/**
 * Reads the source of responses.
 *
 * @throws UserError for an invalid ID, name, or URL, for options that can't be combined, and for a missing or unusable
 *   key
 */
export function readSource(given: Arguments, input: HostEnvironment): Source {
	const replay = readReplay(given);
	if (replay !== undefined) {
		return replay;
	}

	return given.flags.has('demo') ? readDemo(given) : readDeployment(given, input);
}

function readDemo({values, deploymentIds}: Arguments): DemoSource {
	if (deploymentIds.length > 0 || values.has('run')) {
		throw usageError("--demo can't be combined with a deployment ID or --run.");
	}

	const names = scenarios.map(({name}) => name);
	const parsed = parseName(values.get('demo') ?? scenarios[0].name, names);
	if ('mistake' in parsed) {
		throw usageError(`--demo ${parsed.mistake}`);
	}

	return {kind: 'demo', scenario: parsed.value};
}

function readDeployment(given: Arguments, input: HostEnvironment): DeploymentSource {
	const target = readTarget(given);
	const chosenApiUrl = readApiUrl(given, input);
	const sources = sourcesOf(given, input);
	const credential = findCredential(sources);
	if ('secret' in credential) {
		rejectKeyAsId(target, credential);
	}

	const apiUrl = (chosenApiUrl ?? apiUrlOfCredential(credential)).url;
	return {
		kind: 'deployment',
		target,
		apiUrl,
		proxy: readProxy(input.environment, apiUrl),
		credential,
		readCredential: () => readAgain(credential, sources),
	};
}

/** Returns the deployment or run to watch; `unchosen` if neither is given. */
function readTarget({deploymentIds, values, flags}: Arguments): Target {
	const [first, ...others] = deploymentIds;
	const run = values.get('run');
	if (flags.has('all') && (first !== undefined || run !== undefined)) {
		throw usageError("--all can't be combined with a deployment ID or --run.");
	}

	if (others.length > 0) {
		throw usageError(`${deploymentIds.length} deployment IDs are given. Use one.`);
	}

	if (first !== undefined && run !== undefined) {
		throw usageError("A deployment ID and --run can't be combined.");
	}

	if (run !== undefined) {
		return parseTarget(run, 'run');
	}

	return first === undefined ? {kind: 'unchosen'} : parseTarget(first, 'deployment');
}

/**
 * Rejects an ID that is the API key, because IDs are part of URLs, which servers log.
 *
 * @throws UserError if the ID is the key
 */
export function rejectKeyAsId(target: Target, {secret}: Credential): void {
	if (target.kind !== 'unchosen' && secret.equals(new Secret(target.id))) {
		throw usageError(`The ${target.kind} ID is your API key. Use the ID of a ${target.kind}, such as k4q95w5.`);
	}
}

/** Returns the sources of a key, including the profile and the remote named on the command line. */
export function sourcesOf({values}: Arguments, input: HostEnvironment): HostEnvironment {
	return {...input, profile: values.get('profile'), remote: values.get('remote')};
}

/** Returns the API URL that the user chose; undefined if the one stored with the key, or else the default, applies. */
export function readApiUrl({values}: Arguments, {environment}: HostEnvironment): ApiUrl | undefined {
	const name = 'BASETEN_MANAGEMENT_API_URL_OVERRIDE';
	const flag = values.get('api-url');
	if (flag !== undefined) {
		return {url: parseBaseUrl(flag, '--api-url'), from: 'option --api-url'};
	}

	const override = readVariable(environment, name);
	return override === undefined ? undefined : {url: parseBaseUrl(override, name), from: name};
}

/** Returns the API URL that belongs to a key; the default if no remote URL is stored with it. */
export function apiUrlOfCredential(credential: FoundCredential | undefined): ApiUrl {
	const remoteUrl = credential?.remoteUrl;
	return remoteUrl === undefined
		? {url: new URL(defaultApiUrl), from: 'default'}
		: {url: apiUrlOfRemote(remoteUrl), from: 'remote URL of the key'};
}

function readAgain(before: FoundCredential, sources: HostEnvironment): FoundCredential | undefined {
	try {
		const credential = findCredential(sources);
		const isSame = credential.from === before.from && credential.remoteUrl?.href === before.remoteUrl?.href;
		return isSame ? credential : undefined;
	} catch (error) {
		if (error instanceof UserError) {
			return undefined;
		}

		throw error;
	}
}
