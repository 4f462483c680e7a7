/**
 * Replaces chalk's color detection, because this program determines the number of colors itself, and passes chalk a
 * level.
 */
// biome-ignore lint/style/noDefaultExport: it replaces a module that has one.
export default {stdout: false, stderr: false};
