import {dots, line} from 'cli-spinners/spinners.json';

/** Of eighty spinners the program has two. */
// biome-ignore lint/style/noDefaultExport: it stands in the place of a package that has one.
export default {dots, line};
