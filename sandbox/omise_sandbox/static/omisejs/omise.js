/** Omise.js as the sandbox plays it: tokens, sources and the payment form, at home under a strict CSP. */
(() => {
  "use strict"

  const CONNECT_MS = 30_000
  const FORM_LOAD_MS = 3_000
  const FADE_MS = 250

  const script = document.currentScript
  const hosts = hostsFor(script?.src || location.href)
  let publicKey
  let channel

  window.Omise = {
    get publicKey() {
      return publicKey
    },
    setPublicKey: (key) => (publicKey = key),
    createToken,
    createSource,
  }

  function hostsFor(src) {
    const { origin, hostname } = new URL(src)
    if (hostname !== "cdn.omise.co") return { vault: origin, api: origin, card: origin }
    return { vault: "https://vault.omise.co", api: "https://api.omise.co", card: origin }
  }

  // Tokens

  function createToken(type, attributes, callback) {
    if (!channel?.isOpen) channel = new TokenChannel(hosts.vault)
    channel.call([publicKey ?? "", { [type]: attributes }], callback)
  }

  /**
   * A hidden frame of the vault, and the calls that wait for its answers. As in the library, a frame
   * that is not ready in half a minute is given up, which only the first call is told; and once it is
   * ready, there is no time limit.
   */
  class TokenChannel {
    #name = `default${Math.floor(Math.random() * 1e6)}`
    #callbacks = new Map()
    #outbox = []
    #lastId = 0
    #isReady = false

    constructor(vault) {
      this.vault = vault
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

    #send(text) {
      this.frame.contentWindow.postMessage(`${this.#name} ${text}`, this.vault)
    }

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

    // A microtask of its own for each callback: if one throws, the others still hear.
    #tell(id, status, body) {
      const callback = this.#callbacks.get(id)
      this.#callbacks.delete(id)
      queueMicrotask(() => callback?.(status, body))
    }
  }

  function hiddenFrame(src, name) {
    const frame = document.createElement("iframe")
    Object.assign(frame, { src, name, id: name, title: "Payment connection", tabIndex: -1 })
    frame.setAttribute("aria-hidden", "true")
    frame.style.display = "none"
    return frame
  }

  // Sources

  async function createSource(type, options, callback) {
    const answer = await postSource({ ...options, type }).catch((error) => ({
      status: 0,
      body: { code: "create_source_error", error: error.message },
    }))
    callback?.(answer.status, answer.body)
  }

  // Trailing slash and no colon after the key: so does the library.
  async function postSource(source) {
    const response = await fetch(`${hosts.api}/sources/`, {
      method: "POST",
      headers: { Authorization: `Basic ${btoa(publicKey ?? "")}`, "Content-Type": "application/json" },
      body: JSON.stringify(source),
    })
    return { status: response.status, body: await response.json() }
  }

  // The payment form

  const DEFAULTS = {
    key: "",
    amount: 0,
    currency: "THB",
    image: "",
    frameLabel: "Omise",
    frameDescription: "Secured by Omise",
    defaultPaymentMethod: "credit_card",
    otherPaymentMethods: [],
    submitLabel: "Pay",
    buttonLabel: "Pay with Omise",
    location: "no",
    submitAuto: "yes",
    submitFormTarget: "",
    cardBrands: "visa mastercard",
    locale: "en",
    autoCardNumberFormat: "yes",
    expiryDateStyle: "",
    hideAmount: false,
  }
  const ALIASES = { publicKey: "key", logo: "image", locationField: "location" }

  /** pay.html in a frame: over the whole page, or inside an element of the shop. */
  class FormFrame {
    constructor(onMessage, element, theme) {
      this.iframe = formFrame(element ? (theme ?? "light") : "light dark")
      this.dialog = element ? null : overlay(() => onMessage("CLOSE_IFRAME"))
      this.loaded = new Promise((done) => this.iframe.addEventListener("load", done, { once: true }))
      this.listener = (event) => this.#receive(event, onMessage)
      window.addEventListener("message", this.listener)
      ;(this.dialog ?? element).append(this.iframe)
      if (this.dialog) (document.body ?? document.documentElement).append(this.dialog)
    }

    /** Resolves to false when the form does not come up in time; as in the library, nothing is said of it. */
    async show(config) {
      const shown = new Promise((done) => (this.confirmShown = () => done(true)))
      const gaveUp = new Promise((done) => setTimeout(done, FORM_LOAD_MS, false))
      this.loaded.then(() => this.post("SHOW_IFRAME_APP_FORM", { config: sendable(config) }))
      const isShown = await Promise.race([shown, gaveUp])
      if (isShown && this.dialog?.isConnected && !this.dialog.open) this.dialog.showModal()
      if (isShown && this.dialog) this.iframe.focus()
      return isShown
    }

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

    #receive({ source, origin, data }, onMessage) {
      if (source !== this.iframe.contentWindow || origin !== hosts.card) return
      const message = JSON.parse(data)
      if (message.type === "FORM_SHOWN") this.confirmShown?.()
      else if (message.type === "FORM_RESIZED") this.#resize(message.data)
      else onMessage(message.type, message.data)
    }

    #resize(height) {
      if (!this.dialog) this.iframe.style.height = `${height}px`
    }
  }

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

  // What crosses to the frame is JSON: elements and functions stay here.
  function sendable({ element, ...config }) {
    return { ...config, acknowledge: true }
  }

  let settings = null
  let form = null
  let session = null
  let buttons = []

  window.OmiseCard = {
    configure(config = {}) {
      settings = { ...DEFAULTS, ...settings, ...normalise(config) }
      form?.remove()
      form = null
      prepareForm()
    },
    configureButton(selector, config = {}) {
      buttons.push({ selector, config })
    },
    attach() {
      settings ??= { ...DEFAULTS }
      prepareForm()
      for (const { selector, config } of buttons.splice(0)) {
        document.querySelectorAll(selector).forEach((button) => attachButton(button, config))
      }
    },
    open(config = {}, callback) {
      if (!settings) return false
      return openForm({ ...settings, ...normalise(config) }, null, callback)
    },
    close(callback) {
      closeForm({ isCancelled: true, callback })
    },
    destroy() {
      form?.remove()
      form = settings = session = null
      buttons = []
    },
    requestCardToken(details = {}) {
      if (!settings?.customCardForm) throw new Error("OmiseCard: configure customCardForm and element first")
      session?.shown.then((isShown) => isShown && form?.post("REQUEST_CARD_TOKEN", details))
    },
  }

  function normalise(config) {
    const renamed = Object.entries(config).map(([name, value]) => [ALIASES[name] ?? name, value])
    const normal = Object.fromEntries(renamed)
    if (normal.customInstallmentForm) {
      throw new Error("OmiseCard: customInstallmentForm is not imitated by the sandbox")
    }
    if (typeof normal.otherPaymentMethods === "string") {
      normal.otherPaymentMethods = splitMethods(normal.otherPaymentMethods)
    }
    return normal
  }

  // Commas inside brackets belong to the method: `installment_bay(3,6),promptpay`.
  function splitMethods(text) {
    return text
      .split(/,(?![^(]*\))/)
      .map((name) => name.trim())
      .filter(Boolean)
  }

  function prepareForm() {
    const element = settings.customCardForm ? settings.element : null
    if (settings.customCardForm && !element) throw new Error("OmiseCard: customCardForm needs an element")
    form ??= new FormFrame(receiveFromForm, element, settings.customCardFormTheme)
  }

  function attachButton(button, config) {
    const all = { ...settings, ...normalise(config) }
    const target = all.submitFormTarget ? document.querySelector(all.submitFormTarget) : button.closest("form")
    if (!button.textContent && !button.value) button.textContent = all.buttonLabel
    if (target) addHiddenInputs(target)
    button.addEventListener("click", (event) => {
      event.preventDefault()
      openForm({ ...settings, ...normalise(config) }, target)
    })
  }

  function addHiddenInputs(target) {
    for (const name of ["omiseToken", "omiseSource"]) {
      if (target.elements.namedItem(name)) continue
      target.append(Object.assign(document.createElement("input"), { type: "hidden", name }))
    }
  }

  function openForm(config, target, callback) {
    prepareForm()
    const shown = form.show(config)
    session = { config, target, shown }
    shown.then((isShown) => isShown && callback?.())
    return true
  }

  function receiveFromForm(type, data) {
    const { config } = session ?? {}
    if (type === "CLOSE_IFRAME") closeForm({ isCancelled: true })
    else if (type === "CLOSE_AND_SEND_TOKEN") acceptNonce(data)
    else if (type === "CARD_TOKEN_CREATED") config?.onCreateTokenSuccess?.(data)
    else if (type === "CARD_FORM_ERROR") config?.onError?.(data)
  }

  function acceptNonce(nonce) {
    if (!session) return
    const { config, target } = session
    closeForm({ isCancelled: false })
    if (target) fillIn(target, nonce)
    if (target && config.submitAuto === "yes") HTMLFormElement.prototype.submit.call(target)
    config.onCreateTokenSuccess?.(nonce)
  }

  function fillIn(target, nonce) {
    const name = nonce.startsWith("src_") ? "omiseSource" : "omiseToken"
    target.elements.namedItem(name).value = nonce
  }

  // As in the library, onFormClosed is for a form that was closed without a token.
  function closeForm({ isCancelled, callback }) {
    const closed = session
    session = null
    setTimeout(() => {
      if (!session) form?.hide()
      if (isCancelled) closed?.config.onFormClosed?.(form?.iframe)
      callback?.()
    }, FADE_MS)
  }

  // <script src="omise.js" data-key=… data-amount=…> inside a form makes its own button.
  function attachScriptTag() {
    if (!script?.dataset.key) return
    const button = document.createElement("button")
    Object.assign(button, { type: "button", className: "omise-checkout-button" })
    script.after(button)
    settings = { ...DEFAULTS, ...normalise(script.dataset) }
    prepareForm()
    attachButton(button, {})
  }

  attachScriptTag()
})()
