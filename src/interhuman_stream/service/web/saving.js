/** Files that the page gives to who uses it, and pictures made of SVG. */

/** Pixels of a PNG for each of the picture's own: sharp on paper and on fine screens. */
const FINE = 2;

/**
 * Have the browser save a file.
 * @param {string} name
 * @param {string | Blob} content
 * @param {string} kind its media type, where the content is text
 * @returns {void}
 */
export function save(name, content, kind) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: kind }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);  // a browser may ask first where to put it
}

/**
 * Draw an SVG as a PNG.
 * @param {string} svg with a width and a height
 * @returns {Promise<Blob>}
 */
export async function toPng(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * FINE;
  canvas.height = image.naturalHeight * FINE;
  const brush = canvas.getContext("2d");
  if (!brush) throw new Error("This browser draws no pictures.");
  brush.scale(FINE, FINE);
  brush.drawImage(image, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large."))), "image/png");
  });
}
