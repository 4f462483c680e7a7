import path from 'node:path';
import {bundle} from './bundle.ts';
import {writeManual} from './manual.ts';
import {writeSchema} from './schema.ts';

const root = path.join(import.meta.dirname, '..');

await bundle(root);
writeSchema(root);
writeManual(root);
