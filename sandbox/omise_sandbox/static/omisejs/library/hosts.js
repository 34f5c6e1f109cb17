/** Where the library was loaded from, and where it therefore sends its requests. */

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript)
const hosts = hostsFor(script?.src || location.href)

/** @param {string} src */
function hostsFor(src) {
  const { origin, hostname } = new URL(src)
  if (hostname !== "cdn.omise.co") return { vault: origin, api: origin, card: origin }
  return { vault: "https://vault.omise.co", api: "https://api.omise.co", card: origin }
}
