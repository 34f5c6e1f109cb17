/** pay.html in a frame: over the whole page, or inside an element of the shop. */

const FORM_LOAD_MS = 3_000

class FormFrame {
  /** @type {(() => void) | undefined} */
  #confirmShown

  /**
   * @param {(type: string, data?: any) => void} onMessage
   * @param {Element | null} element where an embedded form goes
   * @param {string} [theme]
   */
  constructor(onMessage, element, theme) {
    this.iframe = formFrame(element ? (theme ?? "light") : "light dark")
    this.dialog = element ? null : overlay(() => onMessage("CLOSE_IFRAME"))
    this.loaded = new Promise((done) => this.iframe.addEventListener("load", done, { once: true }))
    /** @param {MessageEvent} event */
    this.listener = (event) => this.#receive(event, onMessage)
    window.addEventListener("message", this.listener)
    ;(this.dialog ?? element)?.append(this.iframe)
    if (this.dialog) (document.body ?? document.documentElement).append(this.dialog)
  }

  /**
   * Resolves to false when the form does not come up in time; as in the library, nothing is said of it.
   * @param {FormConfig} config
   * @returns {Promise<boolean>}
   */
  async show(config) {
    const shown = new Promise((done) => (this.#confirmShown = () => done(true)))
    const gaveUp = new Promise((done) => setTimeout(done, FORM_LOAD_MS, false))
    this.loaded.then(() => this.post("SHOW_IFRAME_APP_FORM", { config: sendable(config) }))
    const isShown = await Promise.race([shown, gaveUp])
    if (isShown && this.dialog?.isConnected && !this.dialog.open) this.dialog.showModal()
    if (isShown && this.dialog) this.iframe.focus()
    return isShown
  }

  /** @param {string} type @param {object} data */
  post(type, data) {
    this.iframe.contentWindow?.postMessage(JSON.stringify({ type, data }), hosts.card)
  }

  hide() {
    this.dialog?.close()
  }

  remove() {
    window.removeEventListener("message", this.listener)
    this.hide()
    this.iframe.remove()
    this.dialog?.remove()
  }

  /** @param {MessageEvent} event @param {(type: string, data?: any) => void} onMessage */
  #receive({ source, origin, data }, onMessage) {
    if (source !== this.iframe.contentWindow || origin !== hosts.card) return
    const message = JSON.parse(data)
    if (message.type === "FORM_SHOWN") this.#confirmShown?.()
    else if (message.type === "FORM_RESIZED") this.#resize(message.data)
    else onMessage(message.type, message.data)
  }

  /** @param {number} height */
  #resize(height) {
    if (!this.dialog) this.iframe.style.height = `${height}px`
  }
}

/** @param {string} colorScheme */
function formFrame(colorScheme) {
  const iframe = document.createElement("iframe")
  Object.assign(iframe, {
    id: "omise-checkout-iframe-app",
    src: `${hosts.card}/pay.html`,
    title: "Payment form",
  })
  // The same scheme as the form's own, or the browser paints the frame opaque.
  Object.assign(iframe.style, {
    display: "block",
    width: "100%",
    height: "100%",
    border: "0",
    background: "transparent",
    colorScheme,
  })
  return iframe
}

/** @param {() => void} onCancel */
function overlay(onCancel) {
  const dialog = document.createElement("dialog")
  dialog.setAttribute("aria-label", "Payment form")
  Object.assign(dialog.style, {
    width: "100vw",
    height: "100dvh",
    maxWidth: "none",
    maxHeight: "none",
    margin: "0",
    padding: "0",
    border: "0",
    overflow: "hidden",
    background: "transparent",
  })
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault()
    onCancel()
  })
  return dialog
}

/**
 * What crosses to the frame is JSON: elements and functions stay here.
 * @param {FormConfig} config
 */
function sendable({ element, ...config }) {
  return { ...config, acknowledge: true }
}
