import {dots, line} from 'cli-spinners/spinners.json';

/** The two spinners that the program uses, out of the eighty in the package. */
// biome-ignore lint/style/noDefaultExport: it replaces a package that has one.
export default {dots, line};
