/**
 * What meow looks for a package.json with, and fixes it with, where it is not given one. It is given one; and what knows
 * every license and every host of repositories would be a tenth of the program. The names are those of meow's own bundle.
 */
const none = (): undefined => undefined;

export {none as a, none as n};
