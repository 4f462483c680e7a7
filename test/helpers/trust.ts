import {readFileSync} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import tls from 'node:tls';
import {trustedFile} from './tls-files.ts';

/** Trusts the trusted certificate in this process, as NODE_EXTRA_CA_CERTS does from the start of a process. */
export function trustTestCertificate(): void {
	const {createSecureContext} = tls;
	const ca = [...tls.rootCertificates, readFileSync(trustedFile, 'utf8')];
	tls.createSecureContext = options => createSecureContext({ca, ...options});
	syncBuiltinESMExports();
}
