/** The words of the file view and the report. */

/** @type {import("./text.js").Catalogue} */
export const FILE_WORDS = {};
