import {dots, line} from 'cli-spinners/spinners.json';

/** The program uses two of eighty spinners. */
// biome-ignore lint/style/noDefaultExport: it replaces a package that has one.
export default {dots, line};
