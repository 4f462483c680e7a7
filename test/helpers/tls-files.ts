import {readFileSync} from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, 'tls');

/**
 * Two certificates for api.test and this machine, valid until 2119, of a key that is used nowhere else. Each is signed by
 * itself: the program trusts the first where NODE_EXTRA_CA_CERTS names its file, and never the other.
 */
export type Certificate = 'trusted' | 'stranger';

/** What a server needs to present a certificate. */
export function secureContextOf(certificate: Certificate): {readonly key: string; readonly cert: string} {
	const read = (name: string): string => readFileSync(path.join(folder, `${name}.pem`), 'utf8');
	return {key: read('key'), cert: read(certificate)};
}

/** The file of the certificate that is to be trusted. */
export const trustedFile = path.join(folder, 'trusted.pem');
