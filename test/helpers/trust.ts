import {readFileSync} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import tls from 'node:tls';
import {trustedFile} from './tls-files.ts';

/** Makes this process trust the certificate `trusted`, as NODE_EXTRA_CA_CERTS does when a process starts. */
export function trustTestCertificate(): void {
	const {createSecureContext} = tls;
	const ca = [...tls.rootCertificates, readFileSync(trustedFile, 'utf8')];
	tls.createSecureContext = options => createSecureContext({ca, ...options});
	syncBuiltinESMExports();
}
