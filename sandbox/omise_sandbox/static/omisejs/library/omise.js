/** `window.Omise`: tokens of cards, and sources of other payment methods. */

/** @type {string | null | undefined} */
let publicKey
/** @type {TokenChannel | undefined} */
let tokenChannel

window.Omise = {
  get publicKey() {
    return publicKey
  },
  setPublicKey: (key) => (publicKey = key),
  createToken,
  createSource,
}

/** @param {string} type @param {object} attributes @param {OmiseCallback} [callback] */
function createToken(type, attributes, callback) {
  if (!tokenChannel?.isOpen) tokenChannel = new TokenChannel(hosts.vault)
  tokenChannel.call([publicKey ?? "", { [type]: attributes }], callback)
}

/** @param {string} type @param {object} options @param {OmiseCallback} [callback] */
async function createSource(type, options, callback) {
  const answer = await postSource({ ...options, type }).catch((error) => ({
    status: 0,
    body: { code: "create_source_error", error: error.message },
  }))
  callback?.(answer.status, answer.body)
}

/**
 * Trailing slash and no colon after the key: so does the library.
 * @param {object} source
 */
async function postSource(source) {
  const response = await fetch(`${hosts.api}/sources/`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(publicKey ?? "")}`, "Content-Type": "application/json" },
    body: JSON.stringify(source),
  })
  return { status: response.status, body: await response.json() }
}
