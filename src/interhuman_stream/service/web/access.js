/** How the page comes by a token: given on this machine, by a printed address's code, or by a key somebody types. */

const SOON = 60_000;  // milliseconds before its end from which on a token is made anew
const SCOPES = [["interhumanai.stream", "interhumanai.upload"], ["interhumanai.stream"], ["interhumanai.upload"]];

/** Nobody has let the page in: a key is to be asked for. */
export class KeyNeeded extends Error {}

/**
 * @typedef {object} Access
 * @property {(renew?: boolean) => Promise<string>} credential  one that is good now; rejects with KeyNeeded or the server's word
 * @property {(id: string, secret: string) => void} use  a key's id and secret, or a credential alone; kept in memory
 * @property {() => boolean} known  whether a token was got before
 */

/**
 * @param {{ once?: string | null, ask?: typeof fetch, now?: () => number }} [about]  `once`: the code of the address
 * @returns {Access}
 */
export function createAccess({ once = null, ask = fetch, now = Date.now } = {}) {
  /** @type {{ token: string, until: number, renew?: string } | null} */
  let held = null;
  /** @type {{ id: string, secret: string } | null} */
  let key = null;
  /** @type {Promise<string> | null} */
  let asking = null;

  /** @param {string} path  @param {object} body */
  async function post(path, body) {
    const headers = { "Content-Type": "application/json" };
    const answer = await ask(path, { method: "POST", headers, body: JSON.stringify(body), cache: "no-store" });
    return { status: answer.status, said: await answer.json().catch(() => ({})) };
  }

  /** @param {{ access_token: string, expires_in: number, renew?: string }} said */
  function hold(said) {
    held = { token: said.access_token, until: now() + said.expires_in * 1000, renew: said.renew };
    return held.token;
  }

  async function byKey() {
    if (!key) throw new KeyNeeded();
    if (!key.secret) return key.id;  // a token or an API key is a credential by itself
    let last = "";
    for (const scopes of SCOPES) {
      const { status, said } = await post("/v0/auth", { key_id: key.id, key_secret: key.secret, scopes });
      if (status === 200) return hold(said);
      last = said.message ?? `HTTP ${status}`;
      if (status !== 403) break;  // a key that lacks one of the two scopes is still good for the other
    }
    throw new Error(last);
  }

  async function fresh() {
    if (key) return byKey();
    for (const shown of [held?.renew && { renew: held.renew }, once && { once }, {}]) {
      if (!shown) continue;
      if ("once" in shown) once = null;
      const { status, said } = await post("/web/token", shown);
      if (status === 200) return hold(said);
      if (status >= 500) throw new TypeError(said.message ?? `HTTP ${status}`);
    }
    held = null;
    throw new KeyNeeded();
  }

  return {
    async credential(renew = false) {
      if (!renew && held && held.until - now() > SOON) return held.token;
      asking ??= fresh().finally(() => { asking = null; });
      return asking;
    },
    use(id, secret) {
      [key, held] = [{ id, secret }, null];
    },
    known: () => held !== null || key !== null,
  };
}

/**
 * Take the code out of the address, so that it is not kept in the history or copied with it.
 * @param {Location} location
 * @param {History} history
 * @returns {string | null}
 */
export function codeOf(location, history) {
  const code = new URLSearchParams(location.hash.slice(1)).get("once");
  if (code) history.replaceState(null, "", location.pathname + location.search);
  return code;
}
