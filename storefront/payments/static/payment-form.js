import { BusyState, FORM } from "./busy-state.js"
import { FieldErrors } from "./field-errors.js"
import { askHost } from "./host-check.js"
import { reload, whenLoaded } from "./omise-library.js"

/**
 * @typedef {import("./field-errors.js").Problem} Problem
 * @typedef {{ code: string, message: string }} Failure
 * @typedef {{ token: string } | Failure | null} Answer a token, why there is none, or null when the
 *   shopper closed Omise's form
 */

// Once it has loaded, Omise's script waits for an answer for ever.
const TIME_LIMIT_MS = 20_000

// A script that has not loaded by then is reported; it may still load.
const SCRIPT_PATIENCE_MS = 8_000

/**
 * The message for a code that concerns no field.
 * @type {Record<string, string>}
 */
const SENTENCE_OF_CODE = {
  network_error: "unreached",
  rpc_error: "unreached",
  unavailable: "unreached",
  script_missing: "script_missing",
}

/** Codes after which nothing more can be had from the library as it is. */
const DEADLY_CODES = ["network_error", "rpc_error"]

/** What is made of an answer that never came. */
export const SILENCE = { code: "network_error", message: "" }

const SCRIPT_MISSING = { code: "script_missing", message: "" }

/** What the element needs inside it, by selector: the macros of card_form.html emit all of it. */
const PARTS = {
  [FORM]: "form",
  "form [data-pay]": "submit button",
  "form input[name='token']": "hidden input for the token",
  "[data-error-summary] ul": "error summary",
  "[role='status']": "status line",
  "template[data-sentences]": "messages",
}

/**
 * A form that sends a token instead of a card: what the kinds of card form have in common.
 * Attributes: `public-key`, and `check`, the URL of the host's own check, if there is one.
 * When that refuses the form, the element sends the event `omise-refused` with what the host said. Its messages stand in its `<template data-sentences>`.
 */
export class PaymentForm extends HTMLElement {
  errors = new FieldErrors(this)
  #busy = new BusyState(this)
  #listeners = new AbortController()
  /** Whether the library can be used no more, and has to be reloaded. */
  #isDead = false

  connectedCallback() {
    this.#nameMissingParts()
    this.#listeners = new AbortController()
    const { signal } = this.#listeners
    this.addEventListener("submit", (event) => this.#submit(event), { signal })
    this.addEventListener("input", (event) => this.typed(/** @type {InputEvent} */ (event)), { signal })
    // The back button may bring the page back as it was left, with a token that is used up.
    window.addEventListener("pageshow", (event) => event.persisted && this.#rest(), { signal })
    setTimeout(() => this.noteMissingScript(!this.isReady), SCRIPT_PATIENCE_MS)
    whenLoaded().then(() => this.isConnected && this.loaded())
  }

  disconnectedCallback() {
    this.#listeners.abort()
  }

  // What differs between the kinds of card form

  /**
   * The part of Omise's script that this form needs.
   * @returns {object | undefined}
   */
  get service() {
    return window.Omise
  }

  /** Whether a card can be entered. */
  get isReady() {
    return Boolean(this.service)
  }

  /**
   * What is wrong with the card that was entered, as names of messages by field.
   * @returns {Partial<Record<string, string>>}
   */
  cardProblems() {
    return {}
  }

  /** @returns {Promise<Answer>} */
  async askForToken() {
    return SCRIPT_MISSING
  }

  /**
   * @param {Failure} failure
   * @returns {Problem[]}
   */
  problemsIn({ code }) {
    return [{ field: "", sentence: this.sentence(SENTENCE_OF_CODE[code] ?? "refused") }]
  }

  /** Every script of the page has been tried, or the library has been reloaded. */
  loaded() {
    this.noteMissingScript(!this.service)
  }

  /**
   * Whether after this answer nothing more can be had from the library as it is.
   * @param {Answer} answer
   */
  isDeadAfter(answer) {
    return answer !== null && "code" in answer && DEADLY_CODES.includes(answer.code)
  }

  /** Remove what the library has put on the page. */
  discard() {}

  // What all of them do

  /**
   * What the page knows of the cardholder, which helps 3-D Secure: the values of its `[data-cardholder]`.
   * @returns {Record<string, string>}
   */
  get cardholder() {
    /** @type {NodeListOf<HTMLInputElement>} */
    const fields = this.querySelectorAll("[data-cardholder]")
    const known = [...fields].map(({ dataset, value }) => [dataset.cardholder ?? "", value.trim().replace(/\s*\n\s*/g, ", ")])
    return Object.fromEntries(known.filter(([, value]) => value))
  }

  get form() {
    return /** @type {HTMLFormElement} */ (this.querySelector(FORM))
  }

  get button() {
    return this.querySelector("[data-pay]")
  }

  get #usesNewCard() {
    const sent = new FormData(this.form)
    return (sent.get("method") ?? "card") === "card" && !sent.get("card")
  }

  #nameMissingParts() {
    for (const [selector, name] of Object.entries(PARTS)) {
      if (!this.querySelector(selector)) console.error(`${this.localName}: no ${name} (${selector})`)
    }
  }

  /** @param {string} token */
  #setToken(token) {
    const input = this.querySelector("input[name='token']")
    if (input instanceof HTMLInputElement) input.value = token
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    if (event.target !== this.form) return
    event.preventDefault()
    if (this.#busy.isBusy) return
    const problems = this.findProblems()
    if (problems.length) return this.errors.show(problems)
    this.errors.clear()
    this.#setToken("")
    this.#busy.begin()
    if (await this.#isRefused()) return this.#rest()
    if (!this.#usesNewCard) return this.form.submit()

    const answer = await this.#ask()
    if (answer && "token" in answer) {
      this.#setToken(answer.token)
      return this.form.submit()
    }
    this.#rest()
    if (answer) this.errors.show(this.problemsIn(answer))
  }

  /** @returns {Promise<Answer>} */
  async #ask() {
    const library = await inTime(this.#library())
    if (!library) return this.#isDead ? SILENCE : SCRIPT_MISSING
    if (library === SILENCE) return SILENCE
    const answer = await this.askForToken().catch(() => SILENCE)
    this.#isDead = this.isDeadAfter(answer)
    if (this.#isDead) this.discard()
    return answer
  }

  /** The library once it has loaded, reloaded if it was missing or dead; nothing if it cannot be. */
  async #library() {
    if (!this.service) await whenLoaded()
    if (this.service && !this.#isDead) return this.service
    if (!(await reload())) return undefined
    this.#isDead = false
    this.loaded()
    return this.service
  }

  findProblems() {
    const found = this.#usesNewCard ? this.cardProblems() : {}
    const ofCard = Object.entries(found).map(([field, name = ""]) => ({ field, sentence: this.sentence(name) }))
    return [...this.#hostProblems(), ...ofCard]
  }

  /**
   * What is wrong with the other fields of the form, in the words of their `data-missing` and `data-wrong`.
   * @returns {Problem[]}
   */
  #hostProblems() {
    /** @type {NodeListOf<HTMLInputElement>} */
    const fields = this.querySelectorAll("[data-missing]")
    return [...fields].flatMap(({ value, validity, dataset: { field = "", missing = "", wrong = missing } }) => {
      const isLeftToHost = field === "email" && this.#check
      if (value.trim() && (validity.valid || isLeftToHost)) return []
      return [{ field, sentence: value.trim() ? wrong : missing }]
    })
  }

  get #check() {
    return this.getAttribute("check")
  }

  /** Whether the host refuses the form, or the browser the email if the host does not answer. */
  async #isRefused() {
    if (!this.#check) return false
    const refusal = await askHost(this.#check, this.form)
    if (refusal) {
      this.errors.show(Object.entries(refusal.problems).map(([field, sentence]) => ({ field, sentence })))
      this.dispatchEvent(new CustomEvent("omise-refused", { bubbles: true, detail: refusal }))
      return true
    }
    const email = refusal === undefined ? this.errors.input("email") : null
    if (!email || email.validity.valid) return false
    this.errors.show([{ field: "email", sentence: email.dataset.wrong ?? "" }])
    return true
  }

  #rest() {
    this.#busy.end()
    this.#setToken("")
  }

  /**
   * A field has been typed in.
   * @param {InputEvent} event
   */
  typed({ target }) {
    if (!(target instanceof HTMLElement) || !target.hasAttribute("aria-invalid")) return
    this.errors.clearBeside(target.dataset.field ?? "")
  }

  /** @param {boolean} isMissing */
  noteMissingScript(isMissing) {
    const note = this.querySelector("[data-script-missing]")
    if (note instanceof HTMLElement) note.hidden = !isMissing
  }

  /** @param {string} name */
  sentence(name) {
    const template = this.querySelector("template[data-sentences]")
    const sentences = template instanceof HTMLTemplateElement ? template.content : undefined
    return sentences?.querySelector(`.${name}`)?.textContent ?? ""
  }
}

/**
 * The answer, or silence when it takes too long.
 * @template T
 * @param {Promise<T>} answer
 * @returns {Promise<T | typeof SILENCE>}
 */
export function inTime(answer) {
  /** @type {Promise<typeof SILENCE>} */
  const silence = new Promise((resolve) => setTimeout(resolve, TIME_LIMIT_MS, SILENCE))
  return Promise.race([answer, silence])
}
