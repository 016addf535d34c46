/** The report on the live session or a recording. */

/**
 * @param {HTMLElement} _root  an empty panel
 * @param {import("./app.js").App} _app
 */
export function mountReport(_root, _app) {}
