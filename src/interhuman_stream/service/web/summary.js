/** What somebody who listens instead of looks is told: what has begun, in a sentence, and not too often. */

const EVERY = 8000;  // milliseconds between two sentences

/**
 * @param {import("./app.js").App} app
 * @returns {{ came: (message: any) => void, due: () => void }}
 */
export function createSummary(app) {
  /** @type {Map<string, string | undefined>} */
  const begun = new Map();
  let state = "";
  let told = "";
  let at = 0;

  return {
    came(message) {
      if (message.type === "signal.detected") begun.set(message.data.signal_type, message.data.probability);
      if (message.type === "engagement.updated") state = message.data.state;
      for (const each of message.signals ?? []) begun.set(each.type, each.probability);
      state = message.engagement_state?.at(-1)?.state ?? state;
    },
    due() {
      if (Date.now() - at < EVERY) return;
      const signals = [...begun].map(([signal, band]) =>
        band ? `${app.t(`signal_${signal}`)} (${app.t(`band_${band}`)})` : app.t(`signal_${signal}`));
      const level = state && state !== told ? app.t("now_level", { state: app.t(`state_${state}`) }) : "";
      if (!signals.length && !level) return;
      const now = signals.length ? app.t("now_signals", { signals: signals.join(", ") }) : "";
      app.announce([now, level].filter(Boolean).join(" "));
      begun.clear();
      [told, at] = [state, Date.now()];
    },
  };
}
