import type {ProxyServer} from '../api/network.ts';
import {Secret} from '../api/secret.ts';
import {type Target, targetName} from '../api/target.ts';
import {apiUrlOfRemote, defaultApiUrl, parseBaseUrl} from '../credentials/api-url.ts';
import type {Credential} from '../credentials/credential.ts';
import {type HostEnvironment, readVariable} from '../credentials/environment.ts';
import {findCredential} from '../credentials/find-credential.ts';
import type {FoundCredential} from '../credentials/keyring-credential.ts';
import {readProxy} from '../credentials/proxy.ts';
import {type ScenarioName, scenarios} from '../demo/scenarios.ts';
import {usageError} from '../errors/usage-error.ts';
import {UserError} from '../errors/user-error.ts';
import type {Arguments} from './arguments.ts';
import {parseName} from './parse-value.ts';
import {type ReplaySource, readReplay} from './replay-options.ts';
import {parseId} from './resource-id.ts';

/** What is to be watched, and all that is needed to ask for it. */
export type DeploymentSource = {
	readonly kind: 'deployment';
	readonly target: Target;
	readonly apiUrl: URL;
	/** What the API is asked through; undefined for nothing. */
	readonly proxy: ProxyServer | undefined;
	readonly credential: FoundCredential;
	/**
	 * The key as it is stored by now: other programs renew it. Undefined where it can't be read at the moment, or where
	 * what is found is a key from another place or for another Baseten, which must not be sent to this API.
	 */
	readonly readCredential: () => FoundCredential | undefined;
};

export type DemoSource = {readonly kind: 'demo'; readonly scenario: ScenarioName};

/** Something that is asked. */
export type LiveSource = DeploymentSource | DemoSource;
export type Source = LiveSource | ReplaySource;

/** What is to be watched, in a word or none. */
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

/** An address of the API, and where it is from in the words of --print-config. */
type ApiUrl = {readonly url: URL; readonly from: string};

/** @throws UserError for what can't be watched, and for a key that isn't there or can't be used */
export function readSource(given: Arguments, input: HostEnvironment): Source {
	const replay = readReplay(given);
	if (replay !== undefined) {
		return replay;
	}

	return given.given.has('demo') ? readDemo(given) : readDeployment(given, input);
}

function readDemo({values, deploymentIds}: Arguments): DemoSource {
	if (deploymentIds.length > 0 || values.has('run')) {
		throw usageError('--demo needs no deployment id or --run: leave out one of them.');
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
		refuseKeyAsId(target, credential);
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

/** A deployment, a run, or neither: then one is chosen on the screen. */
function readTarget({deploymentIds, values}: Arguments): Target {
	const [first, ...others] = deploymentIds;
	const run = values.get('run');
	if (others.length > 0) {
		throw usageError(`${deploymentIds.length} deployment ids are given: only one can be watched at a time.`);
	}

	if (first !== undefined && run !== undefined) {
		throw usageError('A deployment id and --run are given: leave out one of them.');
	}

	if (run !== undefined) {
		return {kind: 'run', id: parseId(run, 'run')};
	}

	return first === undefined ? {kind: 'unchosen'} : {kind: 'deployment', id: parseId(first, 'deployment')};
}

/**
 * An id is part of a URL, and a URL is logged by everything on its way.
 *
 * @throws UserError where the id is the key
 */
export function refuseKeyAsId(target: Target, {secret}: Credential): void {
	if (target.kind !== 'unchosen' && secret.equals(new Secret(target.id))) {
		throw usageError(`The ${target.kind} id is your API key: give the id of a ${target.kind}, such as k4q95w5.`);
	}
}

/** All that a key may be read from, with the names that the command line chooses. */
export function sourcesOf({values}: Arguments, input: HostEnvironment): HostEnvironment {
	return {...input, profile: values.get('profile'), remote: values.get('remote')};
}

/** The address that the user chose, or undefined where it is that of the key. */
export function readApiUrl({values}: Arguments, {environment}: HostEnvironment): ApiUrl | undefined {
	const name = 'BASETEN_MANAGEMENT_API_URL_OVERRIDE';
	const flag = values.get('api-url');
	if (flag !== undefined) {
		return {url: parseBaseUrl(flag, '--api-url'), from: 'flag --api-url'};
	}

	const override = readVariable(environment, name);
	return override === undefined ? undefined : {url: parseBaseUrl(override, name), from: name};
}

/** The address that belongs to a key. */
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
