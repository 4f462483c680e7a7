import {createSecureContext, type SecureContext} from 'node:tls';

let context: SecureContext | undefined;

/**
 * Returns the trusted certificates, those of Node.js. All connections share one context: each would otherwise make its
 * own, whose memory outside the heap stays until garbage collection.
 */
export function tlsContext(): SecureContext {
	context ??= createSecureContext();
	return context;
}
