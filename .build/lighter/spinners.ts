// @ts-expect-error: esbuild can import members of a JSON file, which Node.js can't, and omits the other spinners.
import {dots, line} from 'cli-spinners/spinners.json';

/** The two spinners that the program uses, out of the eighty in the package. */
// biome-ignore lint/style/noDefaultExport: it replaces a package that has one.
export default {dots, line};
