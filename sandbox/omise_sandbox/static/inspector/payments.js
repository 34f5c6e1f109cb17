/** One timeline per charge: the browser's token, the shop's calls, the bank page, the webhooks. */

import { withSecretKey } from "./api.js"
import { announce, button, byId, el, fill, fold, jsonBlock, money, status, time } from "./dom.js"
import { allRequests, faultMark, inside } from "./requests.js"
import { allDeliveries } from "./webhooks.js"

/**
 * @typedef {import("./api.js").Row} Row
 * @typedef {{
 *   at: string, actor: keyof typeof ACTORS, version: string, text: string, outcome: string | null,
 *   marks: (HTMLElement | null)[], inside: () => HTMLElement | null
 * }} Step
 * @typedef {{ id: string, charge: Row, steps: Step[], origins: unknown[] }} Payment
 * @typedef {Map<string, Payment>} Payments
 */

const CHARGE_ID = /chrg_(?:test_)?[0-9a-z]+/
const ACTORS = { browser: "Browser", shop: "Shop", bank: "Bank page", webhook: "Webhook" }

export function showPayments() {
  const payments = [...collectPayments().values()].reverse()
  fill(byId("payment-list"), payments, {
    key: (payment) => payment.id,
    version: ({ steps, charge }) => JSON.stringify([steps.map((/** @type {Step} */ step) => step.version), charge.status]),
    row: (payment) => paymentRow(/** @type {Payment} */ (payment)),
  })
  byId("payment-empty").hidden = payments.length > 0
}

/** Charges by id, each with the steps that led to it and followed it. */
export function collectPayments(requests = allRequests(), deliveries = allDeliveries()) {
  /** @type {Payments} */
  const payments = new Map()
  for (const entry of requests) noteCharge(payments, entry)
  const owners = ownersOf(payments)
  for (const entry of requests) addStep(payments, chargeOf(entry, owners), requestStep(entry))
  for (const delivery of deliveries) {
    for (const attempt of attemptsOf(delivery)) addStep(payments, delivery.charge, attemptStep(delivery, attempt))
  }
  for (const payment of payments.values()) payment.steps.sort((a, b) => a.at.localeCompare(b.at))
  return payments
}

/** @param {Payments} payments @param {Row} entry */
function noteCharge(payments, { request, response }) {
  if (response?.object !== "charge") return
  /** @type {Payment} */
  const payment = payments.get(response.id) ?? { id: response.id, charge: response, steps: [], origins: [] }
  payment.charge = response
  payment.origins.push(request?.card, request?.source, response.source?.id, pathOf(response.authorize_uri))
  payments.set(response.id, payment)
}

/**
 * Tokens, sources and bank pages know nothing of the charge: the charge names them.
 * @param {Payments} payments
 */
function ownersOf(payments) {
  /** @type {Map<string, string>} */
  const owners = new Map()
  for (const { id, origins } of payments.values()) {
    for (const origin of origins) if (typeof origin === "string") owners.set(origin, id)
  }
  return owners
}

/** @param {string} uri */
function pathOf(uri) {
  try {
    return new URL(uri, location.href).pathname
  } catch {
    return null
  }
}

/** @param {Row} entry @param {Map<string, string>} owners */
function chargeOf({ path, response }, owners) {
  const inPath = path.match(CHARGE_ID)?.[0]
  if (inPath) return inPath
  if (response?.object === "charge") return response.id
  if (response?.object === "list") return null
  return owners.get(response?.id) ?? owners.get(path) ?? ownerOfPage(path, owners) ?? response?.charge
}

/**
 * The bank page's form posts to the page's own address or below it.
 * @param {string} path
 * @param {Map<string, string>} owners
 */
function ownerOfPage(path, owners) {
  for (const [origin, id] of owners) if (origin.startsWith("/") && path.startsWith(`${origin}/`)) return id
  return null
}

/** @param {Payments} payments @param {string} chargeId @param {Step} step */
function addStep(payments, chargeId, step) {
  payments.get(chargeId)?.steps.push(step)
}

/** @param {Row} entry @returns {Step} */
function requestStep(entry) {
  return {
    at: entry.at,
    actor: actorOf(entry),
    version: `r${entry.id}`,
    text: `${entry.method} ${entry.path}`,
    marks: [faultMark(entry.fault), status(entry.status || 0, entry.status || "cut")],
    outcome: outcomeOf(entry.response),
    inside: () => inside(entry),
  }
}

/** @param {Row} entry */
function actorOf({ method, path, response }) {
  if (method === "POST" && /^\/(tokens|sources)\/?$/.test(path)) return "browser"
  return typeof response === "object" && response?.object ? "shop" : "bank"
}

/** @param {Row | null} response @returns {string | null} */
function outcomeOf(response) {
  if (response?.object === "error") return response.code
  if (response?.object !== "charge") return null
  return [response.status, response.failure_code].filter(Boolean).join(", ")
}

/** @param {Row} delivery @returns {Row[]} */
function attemptsOf(delivery) {
  return delivery.attempts?.length ? delivery.attempts : [delivery]
}

/** @param {Row} delivery @param {Row} attempt @returns {Step} */
function attemptStep(delivery, { at, status: answer, error }) {
  return {
    at,
    actor: "webhook",
    version: `w${delivery.id}:${at}:${answer}`,
    text: `${delivery.key} to ${delivery.uri ?? "nowhere"}`,
    marks: [answer ? status(answer) : null],
    outcome: error ?? (answer ? `the shop answered ${answer}` : "waiting"),
    inside: () => jsonBlock("Delivery", delivery),
  }
}

/** @param {Payment} payment */
function paymentRow(payment) {
  const { id, charge, steps } = payment
  const line = el(
    "span",
    { className: "row__line" },
    time(charge.created_at),
    el("span", { className: "row__path" }, id),
    el("strong", { className: "row__money" }, money(charge.amount, charge.currency)),
    status(charge.status),
  )
  return fold("row", line, () => [settleButtons(charge), el("ol", { className: "timeline" }, steps.map(stepRow))])
}

/** @param {Step} step */
function stepRow(step) {
  const line = el(
    "span",
    { className: "timeline__line" },
    time(step.at),
    el("span", { className: "actor" }, ACTORS[step.actor]),
    el("span", { className: "row__path" }, step.text),
    el("span", { className: "quiet" }, step.outcome ?? ""),
    ...step.marks,
  )
  return el("li", { data: { actor: step.actor } }, fold("timeline__step", line, step.inside))
}

/**
 * Buttons that settle a charge, while it can be settled.
 * @param {Row} charge
 */
export function settleButtons({ id, status: state, authorized }) {
  if (state !== "pending" || authorized) return null
  /** @param {string} action @param {string} done */
  const settle = (action, done) => async () => {
    await withSecretKey("POST", `/charges/${id}/${action}`)
    announce(`${id} is marked as ${done}`)
  }
  return el(
    "p",
    { className: "cluster" },
    button("Mark as paid", settle("mark_as_paid", "paid")),
    button("Mark as failed", settle("mark_as_failed", "failed"), "button button--small button--danger"),
  )
}
