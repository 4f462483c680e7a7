/** Stands in the place of chalk's look at the terminal: this program decides how many colors there are, and gives chalk a level. */
// biome-ignore lint/style/noDefaultExport: it stands in the place of a module that has one.
export default {stdout: false, stderr: false};
