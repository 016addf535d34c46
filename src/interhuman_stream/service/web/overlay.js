/** Draws over the picture where the engine saw the face last, and which way it looked. */

const REACH = 1.1;  // length of the gaze's line at a right angle to the camera, in widths of the face

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ box: number[], gaze: number[] } | null} look
 * @param {{ width: number, height: number }} picture  of the camera, which the canvas shows as `object-fit: cover` does
 */
export function drawLook(canvas, look, picture) {
  const scale = Math.min(2, window.devicePixelRatio || 1);
  const [wide, high] = [canvas.clientWidth * scale, canvas.clientHeight * scale];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.clearRect(0, 0, wide, high);
  if (!look || !picture.width) return;
  const zoom = Math.max(wide / picture.width, high / picture.height);
  const [shown, tall] = [picture.width * zoom, picture.height * zoom];
  const x = (/** @type {number} */ share) => share * shown - (shown - wide) / 2;
  const y = (/** @type {number} */ share) => share * tall - (tall - high) / 2;
  const [left, top, right, bottom] = look.box;
  pen.lineWidth = 2 * scale;
  pen.strokeStyle = "rgba(255,255,255,.92)";
  pen.shadowColor = "rgba(0,0,0,.6)";
  pen.shadowBlur = 4 * scale;
  pen.beginPath();
  pen.roundRect(x(left), y(top), x(right) - x(left), y(bottom) - y(top), 14 * scale);
  pen.stroke();
  const [up, aside] = look.gaze.map((each) => Math.sin(each * Math.PI / 180));
  const [fromX, fromY] = [x((left + right) / 2), y(top + 0.36 * (bottom - top))];
  const reach = (x(right) - x(left)) * REACH;
  pen.strokeStyle = "#ffd166";
  pen.lineWidth = 3 * scale;
  pen.beginPath();
  pen.moveTo(fromX, fromY);
  pen.lineTo(fromX + aside * reach, fromY - up * reach);
  pen.stroke();
  pen.fillStyle = "#ffd166";
  pen.beginPath();
  pen.arc(fromX + aside * reach, fromY - up * reach, 4.5 * scale, 0, 2 * Math.PI);
  pen.fill();
}
