import {copyFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import {lineSchema} from '../source/output/snapshot-schema.ts';
import {shareBases, shareSchemas} from './share-schemas.ts';

/** Writes the files that programs reading the output can rely on: the JSON Schema of a line, and its types. */
export function writeSchema(root: string): void {
	// The schema describes input, so that it allows fields that a later version adds.
	const schema = shareSchemas(shareBases({...z.toJSONSchema(lineSchema, {io: 'input'})}));
	writeFileSync(path.join(root, 'dist', 'schema.json'), `${JSON.stringify(schema)}\n`);
	copyFileSync(path.join(root, 'source', 'output', 'snapshot-types.ts'), path.join(root, 'dist', 'snapshot.d.ts'));
}
