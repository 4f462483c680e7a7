import {BlockList, isIP} from 'node:net';

/**
 * Returns whether a NO_PROXY list exempts a URL, as curl and Go read it:
 *
 * - Entries are separated by commas, white space, or both, and compared without regard to case.
 * - `*` exempts everything.
 * - A name exempts itself and all names below it. A leading dot or `*.` changes nothing (as in curl), nor does a final
 * dot.
 * - An IP address exempts itself, however it is spelled; with a prefix length (`10.0.0.0/8`, `fd00::/8`) it exempts the
 * network. A host given as an address never matches a name, nor a name the address that it resolves to.
 * - `:8443` at the end limits an entry to that port; IPv6 addresses with a port are in brackets.
 *
 * Any other entry exempts nothing.
 */
export function isExcepted({hostname, port, protocol}: URL, list: string): boolean {
	const host = plainName(hostname);
	const realPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
	return list
		.toLowerCase()
		.split(/[\s,]+/)
		.filter(entry => entry !== '')
		.some(entry => {
			const {name, port: onlyPort} = splitPort(entry);
			return (onlyPort === undefined || Number(onlyPort) === Number(realPort)) && fits(host, name);
		});
}

function splitPort(entry: string): {readonly name: string; readonly port?: string | undefined} {
	// More than one colon without brackets is an IPv6 address.
	const [, name, port] = /^(\[[^\]]*\](?:\/\d+)?|[^:]*):(\d+)$/.exec(entry) ?? [];
	return {name: name ?? entry, port};
}

function fits(host: string, entry: string): boolean {
	if (entry === '*') {
		return true;
	}

	const [address = '', prefix, ...rest] = entry.replace(/[[\]]/g, '').split('/');
	if (isIP(address) !== 0) {
		return rest.length === 0 && isIP(host) !== 0 && isInNetwork(host, address, prefix);
	}

	const name = plainName(entry.replace(/^\*?\./, ''));
	return name !== '' && isIP(host) === 0 && (host === name || host.endsWith(`.${name}`));
}

function isInNetwork(host: string, address: string, prefix: string | undefined): boolean {
	const bits = isIP(address) === 4 ? 32 : 128;
	const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
	// An IPv4 host isn't in any IPv6 network; one written as IPv6 (::ffff:10.1.2.3) is in its IPv4 network.
	if (!(length <= bits) || (bits === 128 && isIP(host) === 4)) {
		return false;
	}

	const network = new BlockList();
	network.addSubnet(address, length, familyOf(address));
	return network.check(host, familyOf(host));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
	return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/** Removes the brackets of an IPv6 address and the dot that ends a fully qualified name. */
function plainName(hostname: string): string {
	return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
