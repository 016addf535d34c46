/** The file view: recordings are dropped, analysed, and looked at beside their lanes. */

/**
 * @param {HTMLElement} _root  an empty panel
 * @param {import("./app.js").App} _app
 */
export function mountFile(_root, _app) {}
