/**
 * Replaces chalk's detection of colors, because this program decides how many colors there are, and passes chalk a
 * level.
 */
// biome-ignore lint/style/noDefaultExport: it stands in the place of a module that has one.
export default {stdout: false, stderr: false};
