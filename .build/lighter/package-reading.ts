/**
 * Replaces the code with which meow finds and normalizes a package.json if none is passed to it. A package.json is
 * always passed, and that code includes tables of all licenses and repository hosts, a tenth of the program. The names
 * are those in meow's own bundle.
 */
const none = (): undefined => undefined;

export {none as a, none as n};
