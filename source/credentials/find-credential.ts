import {keyError} from '../errors/user-error.ts';
import {authFilePath, findProfileCredential} from './baseten-auth-file.ts';
import {createCredential, type FoundCredential} from './credential.ts';
import {type HostEnvironment, readVariable, showPath} from './host-environment.ts';
import {findRemoteCredential, findTrussVariables, trussrcPath} from './trussrc.ts';

/**
 * Finds the API key in the first of these sources that exists: `--profile`, `--remote`, BASETEN_API_KEY,
 * BASETEN_PROFILE, the current profile of the `baseten` CLI, truss's variables, and ~/.trussrc. Each call reads the
 * files again, and so finds renewed keys. The keyring isn't opened: for a key stored there, the entry is returned.
 *
 * @throws UserError if that source has no usable key, or if none of these sources exists
 */
export function findCredential(sources: HostEnvironment): FoundCredential {
	const {environment, profile, remote} = sources;
	if (profile !== undefined) {
		return findProfileCredential(sources, {name: profile, by: '--profile'});
	}

	if (remote !== undefined) {
		return findRemoteCredential(sources, remote);
	}

	const key = readVariable(environment, 'BASETEN_API_KEY');
	if (key !== undefined) {
		return createCredential(key, 'BASETEN_API_KEY', readVariable(environment, 'BASETEN_REMOTE_URL'));
	}

	const name = readVariable(environment, 'BASETEN_PROFILE');
	if (name !== undefined) {
		return findProfileCredential(sources, {name, by: 'BASETEN_PROFILE'});
	}

	const found = findProfileCredential(sources) ?? findTrussVariables(sources) ?? findRemoteCredential(sources);
	if (found !== undefined) {
		return found;
	}

	const authFile = showPath(authFilePath(sources), sources);
	const trussrc = showPath(trussrcPath(sources), sources);
	throw keyError(
		`There is no API key in BASETEN_API_KEY, ${authFile}, or ${trussrc}. Set BASETEN_API_KEY to one from https://app.baseten.co/settings/api_keys, or try loops-top --demo.`,
	);
}
