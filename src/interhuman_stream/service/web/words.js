/** The words of the frame, the live view and the inspector. */

/** @type {import("./text.js").Catalogue} */
export const WORDS = {
  skip: { en: "Skip to the content", de: "Zum Inhalt springen" },
  views: { en: "Views", de: "Ansichten" },
  language: { en: "Language", de: "Sprache" },
  tab_live: { en: "Live", de: "Live" },
  tab_file: { en: "Recordings", de: "Aufnahmen" },
  tab_report: { en: "Report", de: "Bericht" },
  tab_inspector: { en: "Inspector", de: "Inspektor" },
};
