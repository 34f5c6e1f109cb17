/**
 * The pretend payment form in its frame, and how it talks with the shop's page.
 *
 * Messages are JSON strings {type, data}. The first three are the library's own; the rest are the
 * sandbox's, for the embedded card form, and are sent only to a page that asked for them.
 *
 *   page → form  SHOW_IFRAME_APP_FORM  {config}; again each time the form is opened
 *   form → page  CLOSE_IFRAME          null
 *   form → page  CLOSE_AND_SEND_TOKEN  "tokn_…" or "src_…"
 *
 *   page → form  REQUEST_CARD_TOKEN    a billing address, or {email, billingAddress}
 *   form → page  FORM_SHOWN            null; when config.acknowledge is set
 *   form → page  FORM_RESIZED          height in px; when config.customCardForm is set, as the next two
 *   form → page  CARD_TOKEN_CREATED    {token, remember}
 *   form → page  CARD_FORM_ERROR       a message, or a list of them
 */

import { billing, cardValues, slashExpiry, spaceNumber } from "./pay-card.js"
import { isCardChosen, showMethod, showMethods } from "./pay-choices.js"
import { byId, inputById, isShown, parts } from "./pay-dom.js"
import { nameOf } from "./pay-methods.js"
import { applyStyle } from "./pay-style.js"
import { formatAmount, textsFor } from "./pay-text.js"
import { parse, post } from "./vault.js"

/**
 * @typedef {Record<string, any>} Config the options that the page gave
 * @typedef {import("./pay-dom.js").Field} Field
 */

const form = /** @type {HTMLFormElement} */ (byId("form"))
const submit = /** @type {HTMLButtonElement} */ (byId("submit"))
const logo = /** @type {HTMLImageElement} */ (byId("logo"))
const root = document.documentElement
/** @type {Config} */
let config = {}
let texts = textsFor("en")
let shop = "*"

window.addEventListener("message", ({ source, origin, data }) => {
  if (source !== window.parent || source === window) return
  const message = parse(data)
  if (message?.type === "SHOW_IFRAME_APP_FORM") show(message.data.config, origin)
  else if (message?.type === "REQUEST_CARD_TOKEN") sendCardToken(message.data ?? {})
})
form.addEventListener("submit", pay)
byId("methods").addEventListener("change", showMethod)
byId("close").addEventListener("click", close)
logo.addEventListener("error", () => (logo.hidden = true))
byId("number").addEventListener("input", () => config.autoCardNumberFormat === "no" || spaceNumber())
byId("expiry").addEventListener("input", (event) => slashExpiry(/** @type {InputEvent} */ (event)))
window.addEventListener("focus", () => document.activeElement === document.body && enter())
document.addEventListener("keydown", ({ key }) => key === "Escape" && !config.customCardForm && close())
new ResizeObserver(reportHeight).observe(byId("sheet"))

/** @param {string} type @param {unknown} data */
function tell(type, data = null) {
  window.parent.postMessage(JSON.stringify({ type, data }), shop)
}

// Showing

/** @param {Config} given @param {string} origin */
function show(given, origin) {
  config = given
  shop = origin
  texts = textsFor(config.locale)
  byId("alone").hidden = true
  byId("sheet").hidden = false
  showTexts()
  showParts()
  showMethods(config, texts.credit_card)
  showProblem("")
  if (config.acknowledge) tell("FORM_SHOWN")
  enter()
  reportHeight()
}

// The frame may be shown, and take the focus, only after its form is ready.
function enter() {
  if (!config.customCardForm && !byId("sheet").hidden) focusFirstField()
}

function showTexts() {
  root.lang = config.locale || "en"
  for (const part of parts("[data-text]")) part.textContent = texts[part.dataset.text ?? ""]
  byId("close").setAttribute("aria-label", texts.close)
  byId("label").textContent = config.frameLabel ?? ""
  byId("description").textContent = config.frameDescription ?? ""
  byId("amount").textContent = amountText()
  submit.textContent = [config.submitLabel || "Pay", amountText()].join(" ").trim()
  byId("brands").textContent = config.customCardForm ? "" : brandsText()
  logo.hidden = !config.image
  if (config.image) logo.src = config.image
}

function brandsText() {
  return String(config.cardBrands ?? "").split(/[\s,]+/).filter(Boolean).map(nameOf).join(", ")
}

function amountText() {
  if (config.hideAmount === true || config.hideAmount === "true" || !Number(config.amount)) return ""
  return formatAmount(config.amount, config.currency || "THB", config.locale || "en")
}

function showParts() {
  const isEmbedded = Boolean(config.customCardForm)
  /** @type {Record<string, boolean>} */
  const shown = {
    popup: !isEmbedded,
    location: config.location === "yes",
    remember: isEmbedded && !config.customCardFormHideRememberCard,
  }
  for (const part of parts("[data-only]")) part.hidden = !shown[part.dataset.only ?? ""]
  root.dataset.mode = isEmbedded ? "embedded" : "popup"
  root.dataset.theme = config.customCardFormTheme ?? ""
  if (isEmbedded) applyStyle(config.style ?? {})
}

/** @param {string} text */
function showProblem(text) {
  byId("problem").textContent = text
}

function reportHeight() {
  if (config.customCardForm) tell("FORM_RESIZED", Math.ceil(byId("sheet").getBoundingClientRect().height))
}

function focusFirstField() {
  parts("#form input:not([type=radio]), #form select, #submit").find(isShown)?.focus()
}

// Paying

/** @param {SubmitEvent} event */
async function pay(event) {
  event.preventDefault()
  if (config.customCardForm) return
  const missing = missingFields()
  if (missing.length) return showProblem(texts.missing + missing.join(", "))
  setBusy(true)
  const outcome = await (isCardChosen() ? postToken({}) : postSource())
  setBusy(false)
  const problem = problemOf(outcome)
  if (problem) showProblem(problem)
  else finish(outcome.body.id)
}

/** @param {string} id */
function finish(id) {
  clear()
  tell("CLOSE_AND_SEND_TOKEN", id)
}

function close() {
  clear()
  tell("CLOSE_IFRAME")
}

function clear() {
  form.reset()
  showMethod()
  showProblem("")
  missingFields({ mark: false })
}

/** @param {boolean} isBusy */
function setBusy(isBusy) {
  submit.disabled = isBusy
  submit.setAttribute("aria-busy", String(isBusy))
  if (isBusy) showProblem("")
}

/** @param {Config} details */
async function sendCardToken(details) {
  const missing = missingFields()
  if (missing.length) return fail(missing.map((label) => texts.missing + label))
  const outcome = await postToken(details)
  const problem = problemOf(outcome)
  if (problem) return fail(problem)
  showProblem("")
  tell("CARD_TOKEN_CREATED", { token: outcome.body.id, remember: inputById("remember").checked })
}

/** @param {string | string[]} problem */
function fail(problem) {
  showProblem([problem].flat().join(". "))
  tell("CARD_FORM_ERROR", problem)
}

function missingFields({ mark = true } = {}) {
  const fields = parts("#form [required]").filter(isShown).map((part) => /** @type {Field} */ (part))
  for (const field of fields) field.setAttribute("aria-invalid", String(mark && !field.value.trim()))
  const missing = fields.filter((field) => !field.value.trim())
  if (mark) missing[0]?.focus()
  return missing.map((field) => field.labels?.[0].textContent ?? "")
}

/** @param {Config} details */
function postToken(details) {
  const values = cardValues({ withLocation: config.location === "yes" })
  return post("/tokens", config.key, { card: { ...values, ...billing(details) } })
}

function postSource() {
  /** @type {Config} */
  const values = Object.fromEntries(new FormData(form))
  delete values.method
  if (values.installment_term) values.installment_term = Number(values.installment_term)
  return post("/sources", config.key, {
    ...values,
    amount: Number(config.amount),
    currency: config.currency,
    platform_type: "WEB",
  })
}

/** @param {{ status: number, body: { message: string } }} outcome of a request */
function problemOf({ status, body }) {
  if (status === 200) return ""
  return status === 0 ? texts.unreachable : body.message
}
