import { PaymentForm } from "./payment-form.js"

/** The frame of Omise's form, as the library names it. */
const FRAME = "omise-checkout-iframe-app"

/**
 * Omise's own form, in a frame of its own: what the pop-up and the embedded form have in common.
 * Attributes: `public-key`, `locale`.
 */
export class OmiseForm extends PaymentForm {
  /** @type {Promise<void> | null} */
  #formLoaded = null
  #isLoaded = false

  get service() {
    return window.OmiseCard
  }

  get isReady() {
    return this.#isLoaded
  }

  loaded() {
    super.loaded()
    if (this.service) this.formLoaded()
  }

  /** Resolves once the form has loaded, which begins with the first call. Before that it hears nothing. */
  formLoaded() {
    this.#formLoaded ??= this.#load()
    return this.#formLoaded
  }

  /**
   * The options of this kind of form.
   * @returns {object}
   */
  configuration() {
    return {}
  }

  discard() {
    this.#formLoaded = null
    this.#isLoaded = false
    this.service?.destroy()
  }

  async #load() {
    this.service?.configure({
      publicKey: this.getAttribute("public-key"),
      locale: this.getAttribute("locale"),
      ...this.configuration(),
    })
    const frame = document.getElementById(FRAME)
    if (frame) await new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }))
    this.#isLoaded = true
    this.noteMissingScript(false)
  }
}
