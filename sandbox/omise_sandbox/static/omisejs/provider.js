/** The frame side of the token channel that Omise.js speaks: strings `<channel> <JSON-RPC>`. */

import { parse, post } from "./vault.js"

// The library puts its arguments in the query; easyXDM by itself used the hash.
const query = location.search.includes("xdm_e=") ? location.search : location.hash.slice(1)
const args = new URLSearchParams(query)
const channel = args.get("xdm_c")
const merchant = originOf(args.get("xdm_e") ?? "")
/** @typedef {(text: string) => void} Send */

const SAME_ORIGIN = "4"

if (channel && merchant && window.parent !== window) {
  if (args.get("xdm_p") === SAME_ORIGIN) listenDirectly()
  else listenToMessages(merchant)
}

/** @param {string} url */
function originOf(url) {
  try {
    return new URL(url).origin
  } catch {
    return null
  }
}

/** @param {string} merchant the origin of the shop */
function listenToMessages(merchant) {
  const prefix = `${channel} `
  /** @type {Send} */
  const send = (text) => window.parent.postMessage(prefix + text, merchant)
  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== window.parent || origin !== merchant) return
    if (typeof data === "string" && data.startsWith(prefix)) receive(data.slice(prefix.length), send)
  })
  window.parent.postMessage(`${channel}-ready`, merchant)
}

// A shop on the vault's own origin swaps functions with us instead of sending messages.
function listenDirectly() {
  const parent = /** @type {any} */ (window.parent)
  /** @type {Send} */
  const send = parent.easyXDM.Fn.get(channel, true)((/** @type {string} */ text) => receive(text, send))
}

/** @param {string} text @param {Send} send */
async function receive(text, send) {
  const call = parse(text)
  if (!call?.method) return
  /** @param {object} outcome */
  const reply = (outcome) => send(JSON.stringify({ jsonrpc: "2.0", id: call.id, ...outcome }))
  if (call.method !== "createToken") return reply(failure(0, unknownMethod(call.method)))
  const [key, attributes] = call.params ?? []
  const { status, body } = await post("/tokens", key, attributes ?? {})
  if (status === 0) return reply(failure(0, networkError(body.message)))
  reply(status === 200 ? { result: { status, data: body } } : failure(status, body))
}

/**
 * Omise.js reads `data` of every error and breaks without it.
 * @param {number} status
 * @param {{ message?: string }} body
 */
function failure(status, body) {
  return { error: { code: -32099, message: body.message ?? "error", data: { status, data: body } } }
}

/** @param {string} reason */
function networkError(reason) {
  return { object: "error", code: "network_error", message: `The vault could not be reached: ${reason}` }
}

/** @param {string} name */
function unknownMethod(name) {
  return { object: "error", code: "bad_request", message: `The vault has no method ${name}` }
}
