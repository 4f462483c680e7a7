import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import {lineSchema} from '../source/output/snapshot-schema.ts';
import {shareBases, shareSchemas} from './share-schemas.ts';

/** Drops the type of a constant or an enumeration, because the values imply it. */
function withoutImpliedType(_: string, part: unknown): unknown {
	if (typeof part !== 'object' || part === null || !('type' in part) || !('const' in part || 'enum' in part)) {
		return part;
	}

	const {type: __, ...rest} = part;
	return rest;
}

/** Writes the files that programs reading the output can rely on: a line's JSON Schema, and its TypeScript types. */
export function writeSchema(root: string): void {
	// The schema describes input, so that it allows fields that a later version adds.
	const schema = shareSchemas(shareBases({...z.toJSONSchema(lineSchema, {io: 'input'})}));
	writeFileSync(path.join(root, 'dist', 'schema.json'), `${JSON.stringify(schema, withoutImpliedType)}\n`);
	const types = readFileSync(path.join(root, 'source', 'output', 'snapshot-types.ts'), 'utf8');
	// The first line is omitted, because it is about the file in the repository.
	writeFileSync(path.join(root, 'dist', 'snapshot.d.ts'), types.replace(/^\/\/ .*\n\n/, ''));
}
