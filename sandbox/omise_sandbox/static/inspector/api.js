/** Calls to the sandbox: its controls, and its API with the keys that the controls name. */

const WORLD = "sandbox-world-key"
let settings = {}

export class CallFailed extends Error {
  constructor(status, body) {
    super(body?.message ?? `The sandbox answered ${status}`)
    this.status = status
    this.body = body
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

export function control(method, path, body) {
  return good(request(method, `/_sandbox/${path}`, { key: world.key, body }))
}

export async function readSettings() {
  settings = await control("GET", "settings")
  return settings
}

export function withSecretKey(method, path, body) {
  return good(request(method, path, { key: settings.secret_key, body }))
}

/** The whole answer, of any status. */
export async function request(method, path, { key, body } = {}) {
  const headers = {}
  if (key) headers.Authorization = `Basic ${btoa(`${key}:`)}`
  if (body !== undefined) headers["Content-Type"] = "application/json"
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store" })
  const text = await response.text()
  return { status: response.status, body: parse(text) }
}

async function good(call) {
  const { status, body } = await call
  if (status >= 400) throw new CallFailed(status, body)
  return body
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return text
  }
}
