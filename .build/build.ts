import path from 'node:path';
import {bundle} from './bundle.ts';
import {writeLicenses} from './licenses.ts';
import {writeManual} from './manual.ts';
import {writeSchema} from './schema.ts';

const root = path.join(import.meta.dirname, '..');

const metafile = await bundle(root);
writeLicenses(root, metafile);
writeSchema(root);
writeManual(root);
