import {cleanText} from '../api/clean-text.ts';
import {Secret} from '../api/secret.ts';
import {findScenario, type ScenarioName, scenarios} from '../demo/scenarios.ts';
import {defaultWindow, findWindow, type Window, windows} from '../metrics/windows.ts';
import {UserError} from '../user-error.ts';
import {apiUrlOfRemote, defaultApiUrl, parseBaseUrl} from './api-url.ts';
import {type Appearance, readAppearance} from './appearance.ts';
import {type Arguments, parseArguments} from './arguments.ts';
import {type Credential, type CredentialSources, readVariable} from './credential.ts';
import {parseDeploymentId} from './deployment-id.ts';
import {findCredential} from './find-credential.ts';
import {helpText} from './help.ts';
import {parseInterval} from './interval.ts';
import {usageError} from './usage-error.ts';

const defaultIntervalMs = 10_000;

/** A deployment and all that is needed to ask for it. */
export type DeploymentTarget = {
	readonly kind: 'deployment';
	readonly id: string;
	readonly apiUrl: URL;
	readonly credential: Credential;
	/**
	 * The key as it is stored by now: other programs renew it. Undefined where it can't be read at the moment, or where
	 * what is found is a key from another place or for another Baseten, which must not be sent to this API.
	 */
	readonly readCredential: () => Credential | undefined;
};

export type Target = DeploymentTarget | {readonly kind: 'demo'; readonly scenario: ScenarioName};

/** What the user asked for. The interval is in milliseconds, 2 s to 1 h. */
export type Configuration = Appearance & {
	readonly target: Target;
	readonly window: Window;
	readonly intervalMs: number;
	/** Whether times are shown in UTC rather than in the local zone. */
	readonly utc: boolean;
};

/** What is to be done: print a text, which ends in a line break, or run. */
export type Outcome =
	| {readonly kind: 'help' | 'version'; readonly text: string}
	| {readonly kind: 'run'; readonly configuration: Configuration};

/** All that a configuration is made of. `argv` is without node and the script. */
export type ConfigurationInput = Omit<CredentialSources, 'profile' | 'remote'> & {
	readonly argv: readonly string[];
	readonly version: string;
};

/**
 * What the command line, the environment and the stored keys ask for.
 *
 * @throws UserError for the first mistake: those of the command line come first (exit code 2), then those of the key (3)
 */
export function readConfiguration(input: ConfigurationInput): Outcome {
	const given = parseArguments(input.argv);
	if (given.given.has('help')) {
		return {kind: 'help', text: helpText()};
	}

	if (given.given.has('version')) {
		return {kind: 'version', text: `loops-top ${input.version}\n`};
	}

	const {environment} = input;
	const noColor = given.given.has('no-color');
	const ascii = given.given.has('ascii');
	const interval = given.values.get('interval');
	return {
		kind: 'run',
		configuration: {
			window: readWindow(given.values.get('window')),
			intervalMs: interval === undefined ? defaultIntervalMs : parseInterval(interval),
			...readAppearance({environment, noColor, ascii}),
			utc: given.given.has('utc'),
			target: given.given.has('demo') ? readDemo(given) : readDeployment(given, input),
		},
	};
}

function readWindow(name: string | undefined): Window {
	const window = name === undefined ? defaultWindow : findWindow(name);
	if (window === undefined) {
		const names = windows.map(window => window.name).join(', ');
		throw usageError(`--window "${cleanText(name ?? '', 60)}" is not one of ${names}.`);
	}

	return window;
}

function readDemo({values, deploymentIds}: Arguments): Target {
	if (deploymentIds.length > 0) {
		throw usageError('--demo needs no deployment id: leave out one of them.');
	}

	const name = values.get('demo');
	const scenario = name === undefined ? scenarios[0] : findScenario(name);
	if (scenario === undefined) {
		const names = scenarios.map(({name}) => name).join(', ');
		throw usageError(`--demo "${cleanText(name ?? '', 60)}" is not one of ${names}.`);
	}

	return {kind: 'demo', scenario: scenario.name};
}

function readDeployment({values, deploymentIds}: Arguments, input: ConfigurationInput): DeploymentTarget {
	const [first, ...others] = deploymentIds;
	if (first === undefined) {
		throw usageError('No deployment id is given: name one, as in loops-top k4q95w5, or try loops-top --demo.');
	}

	if (others.length > 0) {
		throw usageError(`${deploymentIds.length} deployment ids are given: only one can be watched at a time.`);
	}

	const id = parseDeploymentId(first);
	const chosenApiUrl = readApiUrl(values.get('api-url'), input);
	const sources = {...input, profile: values.get('profile'), remote: values.get('remote')};
	const credential = findCredential(sources);
	// An id is part of a URL, and a URL is logged by everything on its way.
	if (credential.secret.equals(new Secret(id))) {
		throw usageError('The deployment id is your API key: give the id of a deployment, such as k4q95w5.');
	}

	const {remoteUrl} = credential;
	return {
		kind: 'deployment',
		id,
		apiUrl: chosenApiUrl ?? (remoteUrl === undefined ? new URL(defaultApiUrl) : apiUrlOfRemote(remoteUrl)),
		credential,
		readCredential: () => readAgain(credential, sources),
	};
}

function readApiUrl(flag: string | undefined, {environment}: ConfigurationInput): URL | undefined {
	const name = 'BASETEN_MANAGEMENT_API_URL_OVERRIDE';
	const override = readVariable(environment, name);
	if (flag !== undefined) {
		return parseBaseUrl(flag, '--api-url');
	}

	return override === undefined ? undefined : parseBaseUrl(override, name);
}

function readAgain(before: Credential, sources: CredentialSources): Credential | undefined {
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
