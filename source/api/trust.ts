import {createSecureContext, type SecureContext} from 'node:tls';

let context: SecureContext | undefined;

/**
 * Which certificates are trusted: those that Node.js trusts. It is one for all connections, as each would make its own
 * otherwise, whose memory outside of the heap stays until the heap is cleared.
 */
export function tlsContext(): SecureContext {
	context ??= createSecureContext();
	return context;
}
