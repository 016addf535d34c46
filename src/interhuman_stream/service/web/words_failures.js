/** The words for what goes wrong, and what mends it. */

/** @type {import("./text.js").Catalogue} */
export const FAILURE_WORDS = {
  camera_insecure: {
    en: "Browsers give a camera only to pages that come by HTTPS or from this computer. Open this page at https:// or at http://localhost.",
    de: "Browser geben die Kamera nur Seiten, die über HTTPS oder von diesem Rechner kommen. Die Seite unter https:// oder http://localhost öffnen.",
  },
  camera_refused: {
    en: "The browser was told not to give this page the camera or the microphone. Allow both beside the address bar, then start again.",
    de: "Dem Browser wurde gesagt, dieser Seite Kamera oder Mikrofon nicht zu geben. Beides neben der Adresszeile erlauben und neu starten.",
  },
  camera_none: {
    en: "There is no camera on this device. Plug one in and start again, or analyse a recording instead.",
    de: "Dieses Gerät hat keine Kamera. Eine anschließen und neu starten, oder stattdessen eine Aufnahme auswerten.",
  },
  camera_away: {
    en: "The chosen camera or microphone is not there any more. Choose another and start again.",
    de: "Die gewählte Kamera oder das Mikrofon ist nicht mehr da. Ein anderes Gerät wählen und neu starten.",
  },
  camera_busy: {
    en: "The camera or the microphone cannot be read: another program is using it, or it failed to start. Close the other program and start again.",
    de: "Kamera oder Mikrofon lässt sich nicht lesen: Ein anderes Programm benutzt es, oder es startet nicht. Das andere Programm schließen und neu starten.",
  },
  camera_other: { en: "The camera could not be opened ({name}).", de: "Die Kamera ließ sich nicht öffnen ({name})." },
  camera_unplugged: {
    en: "The camera went away in the middle: it was unplugged, switched off, or its permission was taken back. What was seen is kept; go on with another.",
    de: "Die Kamera verschwand mittendrin: ausgesteckt, abgeschaltet, oder die Erlaubnis wurde entzogen. Das Gesehene bleibt; mit einer anderen geht es weiter.",
  },
  microphone_none: {
    en: "There is no microphone on this device. Face and gaze can be judged without one.",
    de: "Dieses Gerät hat kein Mikrofon. Gesicht und Blick lassen sich auch ohne auswerten.",
  },
  microphone_unplugged: {
    en: "The microphone went away in the middle. Face and gaze are still judged; to be heard again, choose another in the list.",
    de: "Das Mikrofon verschwand mittendrin. Gesicht und Blick werden weiter ausgewertet; für Ton ein anderes in der Liste wählen.",
  },
  microphone_silent: {
    en: "Your microphone gives no sound at all: it may be muted, or the wrong one. Your face is judged all the same.",
    de: "Das Mikrofon liefert gar keinen Ton: vielleicht stummgeschaltet, oder das falsche. Das Gesicht wird trotzdem ausgewertet.",
  },
  device_came: {
    en: "New: {names}. To go on with it, choose it in the list.",
    de: "Neu: {names}. Um damit weiterzumachen, in der Liste wählen.",
  },
  tab_hidden: {
    en: "This tab was hidden for {seconds} s. Recording went on; browsers draw hidden pages only when they are shown again.",
    de: "Dieser Tab war {seconds} s verdeckt. Die Aufnahme lief weiter; verdeckte Seiten zeichnen Browser erst wieder, wenn sie zu sehen sind.",
  },
  stream_full: {
    en: "The service has no free place now. Trying again in {seconds} s.",
    de: "Der Dienst hat gerade keinen Platz frei. Neuer Versuch in {seconds} s.",
  },
  stream_restarting: {
    en: "The service is restarting. Trying again in {seconds} s; the session so far is kept.",
    de: "Der Dienst startet neu. Neuer Versuch in {seconds} s; das Bisherige bleibt.",
  },
  stream_gone: {
    en: "Nothing answers at this address: the service is stopped, or the network is away. Trying again in {seconds} s; the session so far is kept.",
    de: "Unter dieser Adresse antwortet nichts: Der Dienst ist beendet oder das Netz ist weg. Neuer Versuch in {seconds} s; das Bisherige bleibt.",
  },
  stream_lost: {
    en: "The connection broke ({code}). Trying again in {seconds} s; the session so far is kept.",
    de: "Die Verbindung ist abgerissen ({code}). Neuer Versuch in {seconds} s; das Bisherige bleibt.",
  },
  stream_asleep: {
    en: "This computer slept, or the browser stopped the page. Trying again in {seconds} s.",
    de: "Dieser Rechner hat geschlafen, oder der Browser hielt die Seite an. Neuer Versuch in {seconds} s.",
  },
  stream_limit: {
    en: "The session was as long as one may be; another begins now.",
    de: "Die Sitzung war so lang, wie eine sein darf; jetzt beginnt eine neue.",
  },
  stream_quota: {
    en: "The key has used what it may for now: {message} Trying again in {seconds} s.",
    de: "Der Schlüssel hat vorerst verbraucht, was er darf: {message} Neuer Versuch in {seconds} s.",
  },
  stream_quota_over: {
    en: "The key or token has used what it may: {message}",
    de: "Der Schlüssel oder das Token hat verbraucht, was es darf: {message}",
  },
  stream_credential: {
    en: "The service does not let this page in: its key or token is wrong, was revoked, or may not do this. {message}",
    de: "Der Dienst lässt diese Seite nicht herein: Schlüssel oder Token sind falsch, widerrufen oder reichen nicht. {message}",
  },
  stream_too_old: {
    en: "The service at this address does not speak {version} of the stream: it is older than this page. Use v0, or load the page anew.",
    de: "Der Dienst unter dieser Adresse spricht {version} nicht: Er ist älter als diese Seite. v0 verwenden oder die Seite neu laden.",
  },
  stream_refused: {
    en: "The service ended the session ({code}). {message}",
    de: "Der Dienst hat die Sitzung beendet ({code}). {message}",
  },
  stream_ended: { en: "The service has ended the session.", de: "Der Dienst hat die Sitzung beendet." },
  slow: {
    en: "The network takes less than the camera gives. Recording pauses until it has caught up; what is left out is marked in the lanes.",
    de: "Das Netz nimmt weniger, als die Kamera liefert. Die Aufnahme pausiert, bis es nachkommt; was fehlt, ist in den Spuren markiert.",
  },
  lost_slow: {
    en: "{seconds} s were not recorded, for the network had not caught up.",
    de: "{seconds} s wurden nicht aufgenommen, weil das Netz nicht nachkam.",
  },
  lost_asleep: {
    en: "For {seconds} s nothing was recorded: this computer slept, or the browser stopped the page.",
    de: "{seconds} s lang wurde nichts aufgenommen: Dieser Rechner schlief, oder der Browser hielt die Seite an.",
  },
  lost_replaced: {
    en: "While the devices were changed, {seconds} s were not recorded; they are marked in the lanes.",
    de: "Beim Wechsel der Geräte wurden {seconds} s nicht aufgenommen; sie sind in den Spuren markiert.",
  },
  lost_disconnected: {
    en: "Connected again. {seconds} s in between were not analysed; they are marked in the lanes.",
    de: "Wieder verbunden. {seconds} s dazwischen wurden nicht ausgewertet; sie sind in den Spuren markiert.",
  },
  do_start: { en: "Start again", de: "Neu starten" },
  do_retry: { en: "Try now", de: "Jetzt versuchen" },
  do_without_microphone: { en: "Go on without a microphone", de: "Ohne Mikrofon weiter" },
  do_file: { en: "Analyse a recording", de: "Eine Aufnahme auswerten" },
  do_key: { en: "Give a key", de: "Schlüssel eingeben" },
  do_reload: { en: "Load the page anew", de: "Seite neu laden" },
  do_v0: { en: "Use v0", de: "v0 verwenden" },
};
