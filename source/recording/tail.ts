import type {FileHandle} from 'node:fs/promises';
import {inspectMember} from './gzip-member.ts';
import {isOurs, isPadding, memberStart} from './gzip-members.ts';

/** How much of a file is looked at together for where its last member begins. */
const pieceBytes = 64 * 1024;

/** A last member that is larger, or whose text is, isn't one of ours. */
const mostBytes = 64 * 1024 ** 2;

/**
 * How a compressed recording ends: with a whole member; with what a kill or a crash left after `at`, of whose text the whole `lines` are to be
 * kept; or with something that isn't understood.
 */
export type Tail =
	| {readonly kind: 'whole'}
	| {readonly kind: 'cut'; readonly at: number; readonly lines: string}
	| {readonly kind: 'unknown'};

/** Looks at the end of a compressed file of `size` bytes. */
export async function inspectTail(handle: FileHandle, size: number): Promise<Tail> {
	const from = await findLastStart(handle, size);
	if (size - from > mostBytes) {
		return {kind: 'unknown'};
	}

	const bytes = Buffer.alloc(size - from);
	await handle.read(bytes, 0, bytes.length, from);
	for (let at = 0; ; ) {
		const rest = bytes.subarray(at);
		const isFragment = at > 0 && (isPadding(rest) || memberStart.subarray(0, rest.length).equals(rest));
		if (isFragment) {
			return rest.length === 0 ? {kind: 'whole'} : {kind: 'cut', at: from + at, lines: ''};
		}

		const member = inspectMember(rest, mostBytes);
		switch (member.kind) {
			case 'whole':
				at += member.end;
				break;
			case 'cut': {
				const lines = isOurs(rest) ? '' : member.text.toString('utf8', 0, member.text.lastIndexOf('\n') + 1);
				return {kind: 'cut', at: from + at, lines};
			}

			case 'broken':
				return {kind: 'unknown'};
		}
	}
}

/** Returns where the last member that is written here begins; 0 if there is none. */
async function findLastStart(handle: FileHandle, size: number): Promise<number> {
	const overlap = memberStart.length - 1;
	for (let end = size; end > 0; end -= pieceBytes) {
		const start = Math.max(end - pieceBytes, 0);
		const piece = Buffer.alloc(Math.min(end + overlap, size) - start);
		await handle.read(piece, 0, piece.length, start);
		const at = piece.lastIndexOf(memberStart);
		if (at >= 0) {
			return start + at;
		}
	}

	return 0;
}
