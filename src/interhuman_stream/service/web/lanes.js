/** The twelve lanes: their order, family, colour and shape, for whoever draws them. */

/** @typedef {"accord" | "doubt" | "strain" | "presence"} Family */
/** @typedef {{ signal: string, family: Family, shape: "round" | "notch" | "zigzag" | "bar" }} Lane */

/** @type {readonly Lane[]} */
export const LANES = [
  { signal: "engagement", family: "presence", shape: "bar" },
  { signal: "interest", family: "presence", shape: "bar" },
  { signal: "disengagement", family: "presence", shape: "bar" },
  { signal: "agreement", family: "accord", shape: "round" },
  { signal: "confidence", family: "accord", shape: "round" },
  { signal: "disagreement", family: "doubt", shape: "notch" },
  { signal: "skepticism", family: "doubt", shape: "notch" },
  { signal: "uncertainty", family: "doubt", shape: "notch" },
  { signal: "hesitation", family: "doubt", shape: "notch" },
  { signal: "confusion", family: "strain", shape: "zigzag" },
  { signal: "frustration", family: "strain", shape: "zigzag" },
  { signal: "stress", family: "strain", shape: "zigzag" },
];
