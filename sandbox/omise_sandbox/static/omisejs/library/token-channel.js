/** The hidden frame of the vault, which creates tokens. */

const CONNECT_MS = 30_000

/**
 * A hidden frame of the vault, and the calls that wait for its answers. As in the library, a frame
 * that is not ready in half a minute is given up, which only the first call is told; and once it is
 * ready, there is no time limit.
 */
class TokenChannel {
  #name = `default${Math.floor(Math.random() * 1e6)}`
  /** @type {Map<number, OmiseCallback | undefined>} */
  #callbacks = new Map()
  /** @type {string[]} */
  #outbox = []
  #lastId = 0
  #isReady = false

  /** @param {string} vault */
  constructor(vault) {
    this.vault = vault
    /** @param {MessageEvent} event */
    this.listener = (event) => this.#receive(event)
    window.addEventListener("message", this.listener)
    this.frame = hiddenFrame(this.#address(), `easyXDM_${this.#name}_provider`)
    setTimeout(() => this.#isReady || this.#giveUp(), CONNECT_MS)
    ;(document.body ?? document.documentElement).append(this.frame)
  }

  // The shop may have replaced the part of its page that held the frame.
  get isOpen() {
    return this.frame.isConnected
  }

  /** @param {unknown[]} params @param {OmiseCallback} [callback] */
  call(params, callback) {
    const id = ++this.#lastId
    const text = JSON.stringify({ method: "createToken", params, id, jsonrpc: "2.0" })
    this.#callbacks.set(id, callback)
    if (this.#isReady) this.#send(text)
    else this.#outbox.push(text)
  }

  #address() {
    const args = new URLSearchParams({ xdm_e: location.origin, xdm_c: this.#name, xdm_p: "1" })
    return `${this.vault}/provider?${args}`
  }

  /** @param {MessageEvent} event */
  #receive({ source, origin, data }) {
    if (source !== this.frame.contentWindow || origin !== this.vault) return
    if (data === `${this.#name}-ready`) this.#open()
    else if (typeof data === "string" && data.startsWith(`${this.#name} `)) {
      this.#answer(JSON.parse(data.slice(this.#name.length + 1)))
    }
  }

  #open() {
    this.#isReady = true
    for (const text of this.#outbox.splice(0)) this.#send(text)
  }

  /** @param {string} text */
  #send(text) {
    this.frame.contentWindow?.postMessage(`${this.#name} ${text}`, this.vault)
  }

  /** @param {Record<string, any>} answer of JSON-RPC */
  #answer({ id, result, error }) {
    const { status, data } = result ?? error.data
    this.#tell(Number(id), status, data)
  }

  // Later calls open a new frame.
  #giveUp() {
    window.removeEventListener("message", this.listener)
    this.frame.remove()
    const message = "unable to connect to provider after timeout"
    this.#tell(1, 0, { code: "rpc_error", message })
  }

  /**
   * A microtask of its own for each callback: if one throws, the others still hear.
   * @param {number} id @param {number} status @param {object} body
   */
  #tell(id, status, body) {
    const callback = this.#callbacks.get(id)
    this.#callbacks.delete(id)
    queueMicrotask(() => callback?.(status, body))
  }
}

/** @param {string} src @param {string} name */
function hiddenFrame(src, name) {
  const frame = document.createElement("iframe")
  Object.assign(frame, { src, name, id: name, title: "Payment connection", tabIndex: -1 })
  frame.setAttribute("aria-hidden", "true")
  frame.style.display = "none"
  return frame
}
