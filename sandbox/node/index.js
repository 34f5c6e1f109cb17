/** Starts the command `omise-sandbox` and talks to its worlds. No dependencies. */

import { Buffer } from "node:buffer"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"

const CARD = {
  name: "SOMCHAI PRASERT",
  number: "4242424242424242",
  expiration_month: 12,
  expiration_year: 2040,
  security_code: "123",
}

/**
 * Start a sandbox on a free port.
 * @param {{ command?: string, args?: string[], options?: string[] }} [how]
 */
export async function startSandbox({ command = "omise-sandbox", args = ["serve"], options = [] } = {}) {
  const child = spawn(command, [...args, "--port", "0", ...options], { stdio: ["ignore", "pipe", "pipe"] })
  let errors = ""
  child.stderr.on("data", (data) => (errors += data))
  const ended = once(child, "close").then(() => "")
  const failed = once(child, "error").then(([error]) => (errors = String(error)) && "")
  const started = once(createInterface(child.stdout), "line").then(([line]) => line)
  const line = await Promise.race([started, ended, failed])
  const url = line.match(/^sandbox: (\S+)/)?.[1]
  if (!url) {
    child.kill()
    throw new Error(`the sandbox did not start: ${errors.trim() || "no message"}`)
  }
  return new Sandbox(url, async () => {
    child.kill()
    await ended
  })
}

export class Sandbox {
  /** @param {string} url @param {() => Promise<void>} [stop] ends the process, if this started it */
  constructor(url, stop = async () => {}) {
    this.url = url
    this.stop = stop
  }

  /** A new world: an isolated merchant account with these settings. */
  async newWorld(settings = {}) {
    const keys = await call(`${this.url}/_sandbox/worlds`, "POST", "", settings)
    return new World(this.url, keys.public_key, keys.secret_key)
  }
}

export class World {
  constructor(url, publicKey, secretKey) {
    Object.assign(this, { url, publicKey, secretKey })
  }

  /** Call a control below `/_sandbox/`. */
  control(method, path, body) {
    return call(`${this.url}/_sandbox/${path}`, method, this.secretKey, body)
  }

  /** Call the API with the secret key; returns the response, also an error. */
  api(method, path, body) {
    return send(`${this.url}${path}`, method, this.secretKey, body).then((answer) => answer.json())
  }

  /** The id of a new token, as a browser gets it. */
  async token(card = {}) {
    return (await call(`${this.url}/tokens`, "POST", this.publicKey, { card: { ...CARD, ...card } })).id
  }

  /** The first hundred charges, oldest first. */
  async charges() {
    return (await this.api("GET", "/charges?limit=100")).data
  }

  /** Make the next matching call fail, such as `fails("POST", "/charges", "drop_after")`. */
  fails(method, path, action, more = {}) {
    return this.control("POST", "faults", { method, path, do: action, ...more })
  }

  /** Advance the clock by seconds, running everything that falls due. */
  advance(seconds) {
    return this.control("POST", "clock", { advance: seconds })
  }
}

async function call(url, method, key, body) {
  const answer = await send(url, method, key, body)
  const told = await answer.json()
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${told.message}`)
  return told
}

function send(url, method, key, body) {
  const headers = { "Content-Type": "application/json" }
  if (key) headers.Authorization = `Basic ${Buffer.from(`${key}:`).toString("base64")}`
  return fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
}
