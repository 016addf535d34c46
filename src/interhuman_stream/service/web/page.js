"use strict";
// Camera and microphone → MediaRecorder → one WebSocket; messages back, shown as they come.

const SIGNALS = ["agreement", "confidence", "confusion", "disagreement", "disengagement", "engagement",
  "frustration", "hesitation", "interest", "skepticism", "stress", "uncertainty"];
const SEGMENT_MS = 3000;
const BITS_PER_SECOND = 1_000_000;
const KINDS = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
const KEPT = 200;  // entries in each list

const $ = (id) => document.getElementById(id);
const rows = new Map();
let recording = null;  // {media, recorder, socket} while live

for (const name of SIGNALS) {
  const row = document.createElement("li");
  row.innerHTML = `<span></span><span class="track"></span><span class="times"></span>`;
  row.firstChild.textContent = name;
  $("signals").append(row);
  rows.set(name, { row, track: row.children[1], times: row.children[2], count: 0 });
}
$("key_id").value = sessionStorage.getItem("key_id") ?? "";
$("key_secret").value = sessionStorage.getItem("key_secret") ?? "";

$("access").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (recording) return;
  $("start").disabled = true;
  try {
    await start(await token());
  } catch (error) {
    say("error", error.message);
    stop();
  }
});
$("stop").addEventListener("click", () => { say("idle", "Stopping"); recording?.recorder.stop(); });

async function token() {
  const given = $("token").value.trim();
  if (given) return given;
  const key = { key_id: $("key_id").value.trim(), key_secret: $("key_secret").value.trim() };
  if (!key.key_id || !key.key_secret) throw new Error("Give a key id and its secret, or a token.");
  const answer = await fetch("/v0/auth", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...key, scopes: ["interhumanai.stream"] }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.message);
  for (const [name, value] of Object.entries(key)) sessionStorage.setItem(name, value);
  return body.access_token;
}

async function start(accessToken) {
  if (!navigator.mediaDevices) throw new Error("The browser gives no camera here: open the page on localhost or by HTTPS.");
  say("idle", "Asking for camera and microphone");
  const media = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 }, audio: true });
  $("picture").srcObject = media;
  document.body.classList.add("live");
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const url = `${scheme}://${location.host}/v0/stream/analyze?include[]=conversation_quality_overall`;
  const socket = new WebSocket(url, ["access_token", accessToken]);
  const recorder = new MediaRecorder(media, {
    mimeType: KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)),
    videoBitsPerSecond: BITS_PER_SECOND,
  });
  recording = { media, recorder, socket, sent: 0, answered: 0 };
  socket.addEventListener("open", () => {
    say("live", "Live");
    $("stop").disabled = false;
    recorder.start(SEGMENT_MS);
  });
  socket.addEventListener("message", (event) => receive(event.data));
  socket.addEventListener("close", (event) => {
    const wanted = event.code === 1000 || event.code === 1005;
    const refused = `The server refused the connection, or it was lost (${event.code}). Is the token right and not expired?`;
    if (recording) say(wanted ? "idle" : "error", wanted ? "Stopped" : refused);
    stop();
  });
  // Every blob is sent, however small: the first of an MP4 is its header alone, and each continues the one before it.
  recorder.addEventListener("dataavailable", (event) => {
    if (!event.data.size || socket.readyState !== WebSocket.OPEN) return;
    recording.sent += 1;
    socket.send(event.data);
  });
  recorder.addEventListener("stop", finish);
}

function finish() {
  // The last segments are still being analysed: leave when they are answered.
  if (recording && recording.answered < recording.sent && recording.socket.readyState === WebSocket.OPEN) {
    setTimeout(finish, 100);
  } else {
    recording?.socket.close(1000);
  }
}

function stop() {
  if (recording?.recorder.state === "recording") recording.recorder.stop();
  for (const track of $("picture").srcObject?.getTracks() ?? []) track.stop();
  $("picture").srcObject = null;
  document.body.classList.remove("live");
  $("now").replaceChildren();
  $("start").disabled = false;
  $("stop").disabled = true;
  recording = null;
}

function receive(text) {
  const line = document.createElement("li");
  line.textContent = text;
  prepend($("messages"), line);
  $("count").textContent = Number($("count").textContent) + 1;
  const message = JSON.parse(text);
  if (message.status === "error") line.className = "error";
  if (recording && (message.status === "completed" || message.status === "error")) recording.answered += 1;
  if (message.status === "result") show(message);
}

function show(message) {
  const length = Math.max(0.01, ...message.engagement_state.map((span) => span.end));
  for (const { row, track } of rows.values()) {
    row.classList.remove("on");
    track.replaceChildren();
  }
  for (const signal of message.signals) {
    const known = rows.get(signal.type);
    if (known) {
      const bar = document.createElement("i");
      bar.className = signal.probability;
      bar.style.left = `${100 * signal.start / length}%`;
      bar.style.width = `${100 * (signal.end - signal.start) / length}%`;
      known.track.append(bar);
      known.row.classList.add("on");
      known.times.textContent = `×${known.count += 1}`;
    }
    const reason = document.createElement("li");
    for (const [kind, content] of [["b", signal.type], ["span", signal.probability], ["span", signal.rationale]]) {
      reason.append(Object.assign(document.createElement(kind), { textContent: content }));
    }
    reason.children[1].className = "sure";
    $("reasons").querySelector(".empty")?.remove();
    prepend($("reasons"), reason);
  }
  $("now").replaceChildren(...message.signals.map((signal) =>
    Object.assign(document.createElement("span"), { textContent: signal.type })));
}

function prepend(list, item) {
  list.prepend(item);
  while (list.children.length > KEPT) list.lastChild.remove();
}

function say(state, text) {
  $("state").dataset.state = state;
  $("state").textContent = text;
}
