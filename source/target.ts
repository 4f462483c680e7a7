import {Secret} from './api/secret.ts';
import type {Watched} from './api/watched.ts';
import type {Configuration} from './config/configuration.ts';
import {startDemo} from './demo/server.ts';

/** Where to ask, for what, and with which key. */
export type OpenTarget = {
	readonly apiUrl: URL;
	readonly watched: Watched;
	readonly secret: () => Secret;
	/** Where the key is from, in words for a sentence. */
	readonly keyFrom: () => string;
	/** Reads the stored key again. */
	readonly renewKey: () => void;
	readonly close: () => Promise<void>;
};

/** Makes what is to be watched ready to be asked: a demo is started. */
export async function openTarget({target}: Configuration): Promise<OpenTarget> {
	if (target.kind === 'demo') {
		const demo = await startDemo({scenario: target.scenario});
		const secret = new Secret(demo.key);
		return {
			apiUrl: new URL(demo.apiUrl),
			watched: {kind: 'deployment', id: demo.deploymentId},
			secret: () => secret,
			keyFrom: () => 'the demo',
			renewKey: () => undefined,
			close: async () => demo.close(),
		};
	}

	let {credential} = target;
	return {
		apiUrl: target.apiUrl,
		watched: target.watched,
		secret: () => credential.secret,
		keyFrom: () => credential.from,
		renewKey() {
			credential = target.readCredential() ?? credential;
		},
		close: async () => undefined,
	};
}
