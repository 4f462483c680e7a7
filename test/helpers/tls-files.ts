import {readFileSync} from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, 'tls');

/**
 * Two self-signed certificates for api.test and this machine, valid until 2119, with a key that is used nowhere else.
 * The program trusts `trusted` if NODE_EXTRA_CA_CERTS names its file, and never trusts `stranger`.
 */
export type Certificate = 'trusted' | 'stranger';

/** Returns the TLS options with which a server presents a certificate. */
export function secureContextOf(certificate: Certificate): {readonly key: string; readonly cert: string} {
	const read = (name: string): string => readFileSync(path.join(folder, `${name}.pem`), 'utf8');
	return {key: read('key'), cert: read(certificate)};
}

/** The file of the trusted certificate. */
export const trustedFile = path.join(folder, 'trusted.pem');
