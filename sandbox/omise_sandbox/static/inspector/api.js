/** Calls to the sandbox: its controls, and its API with the keys that the controls name. */

/**
 * @typedef {Record<string, any>} Row an object in a response of the sandbox
 * @typedef {{ status: number, body: any }} Answer
 */

const WORLD = "sandbox-world-key"
/** @type {Row} */
let settings = {}

export class CallFailed extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body?.message ?? `The sandbox answered ${status}`)
    this.status = status
    this.body = body
  }
}

/** The sandbox gave no answer. */
export class Unreachable extends Error {
  constructor() {
    super("The sandbox does not answer")
  }
}

/** The secret key of the world to look into; empty for the default world. */
export const world = {
  get key() {
    return sessionStorage.getItem(WORLD) ?? ""
  },
  set key(key) {
    sessionStorage.setItem(WORLD, key)
  },
}

/**
 * @param {string} method
 * @param {string} path below `/_sandbox/`
 * @param {unknown} [body]
 */
export function control(method, path, body) {
  return good(request(method, `/_sandbox/${path}`, { key: world.key, body }))
}

export async function readSettings() {
  settings = await control("GET", "settings")
  return settings
}

/**
 * The key with which a logged request can be sent again; pages have none.
 * @param {string} path
 * @returns {string | undefined}
 */
export function keyOf(path) {
  if (path.startsWith("/payments/") || path.includes("/downloads/")) return undefined
  return path.startsWith("/tokens") ? settings.public_key : settings.secret_key
}

/** @param {string} method @param {string} path @param {unknown} [body] */
export function withSecretKey(method, path, body) {
  return good(request(method, path, { key: settings.secret_key, body }))
}

/**
 * The whole answer, of any status.
 * @param {string} method
 * @param {string} path
 * @param {{ key?: string, body?: unknown }} [options]
 * @returns {Promise<Answer>}
 */
export async function request(method, path, { key, body } = {}) {
  /** @type {Record<string, string>} */
  const headers = {}
  if (key) headers.Authorization = `Basic ${btoa(`${key}:`)}`
  if (body !== undefined) headers["Content-Type"] = "application/json"
  const { response, text } = await answerTo(path, { method, headers, body: body ? JSON.stringify(body) : undefined, cache: "no-store" })
  return { status: response.status, body: parse(text) }
}

/** @param {string} path @param {RequestInit} asked */
async function answerTo(path, asked) {
  try {
    const response = await fetch(path, asked)
    return { response, text: await response.text() }
  } catch {
    throw new Unreachable()
  }
}

/** @param {Promise<Answer>} call */
async function good(call) {
  const { status, body } = await call
  if (status >= 400) throw new CallFailed(status, body)
  return body
}

/** @param {string} text */
function parse(text) {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return text
  }
}
