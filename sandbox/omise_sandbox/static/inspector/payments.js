/** Payments: every charge with its order and method, and the time line of each that is open. */

import { control, withSecretKey } from "./api.js"
import { announce, button, byId, el, fill, fold, inputById, jsonBlock, money, status, time, versionOf } from "./dom.js"
import { foldRun, inRuns, repeats } from "./reads.js"
import { insideRequest, requestMarks } from "./requests.js"
import { insideDelivery, stateOf } from "./webhooks.js"

/**
 * @typedef {import("./api.js").Row} Row
 * @typedef {{ actor: string, text: string, marks: (Node | null)[], inside: () => (Node | null)[] }} Step
 */

const PAGE = 20
let offset = 0

export function wirePayments() {
  inputById("payment-filter").addEventListener("input", () => showPage(0))
  byId("payment-newer").addEventListener("click", () => showPage(offset - PAGE))
  byId("payment-older").addEventListener("click", () => showPage(offset + PAGE))
}

/** @param {number} from */
function showPage(from) {
  offset = Math.max(0, from)
  return showPayments()
}

/** Shows one payment, as a link to it asks. @param {string} chargeId */
export async function showPayment(chargeId) {
  inputById("payment-filter").value = chargeId
  await showPage(0)
  const row = byId("payment-list").firstElementChild
  if (row instanceof HTMLDetailsElement) row.open = true
}

export async function showPayments() {
  const query = encodeURIComponent(inputById("payment-filter").value.trim())
  const page = await control("GET", `payments?order=reverse_chronological&limit=${PAGE}&offset=${offset}&query=${query}`)
  fill(byId("payment-list"), page.data, {
    key: (payment) => payment.id,
    version: versionOf,
    row: paymentRow,
  })
  byId("payment-empty").hidden = page.total > 0 || query !== ""
  byId("payment-no-hits").hidden = page.total > 0 || query === ""
  showPlace(page)
  const open = /** @type {NodeListOf<HTMLElement>} */ (byId("payment-list").querySelectorAll("[open] [data-charge]"))
  for (const list of open) await showTimeline(list)
}

/** @param {Row} page */
function showPlace({ total, data }) {
  byId("payment-count").textContent = total ? `${offset + 1}–${offset + data.length} of ${total}` : ""
  byId("payment-newer").hidden = offset === 0
  byId("payment-older").hidden = offset + PAGE >= total
}

/** @param {Row} payment */
function paymentRow({ id, order, method, charge }) {
  const line = el(
    "span",
    { className: "row__line" },
    time(charge.created_at),
    el("span", { className: "row__path" }, order ? `Order ${order}` : id),
    el("span", {}, method),
    el("span", { className: "quiet" }, isSaid(charge.description, order) ? "" : charge.description),
    el("strong", { className: "row__money" }, money(charge.amount, charge.currency)),
    status(charge.status),
  )
  return fold("row", line, () => insidePayment(charge))
}

/**
 * Whether a description says no more than the order beside it.
 * @param {string | null} description
 * @param {string | null} order
 */
function isSaid(description, order) {
  return !description || description.toLowerCase() === `order ${order}`.toLowerCase()
}

/** @param {Row} charge */
function insidePayment(charge) {
  const list = el("ol", { className: "timeline", data: { charge: charge.id } })
  showTimeline(list)
  return [links(charge), settleButtons(charge), list, jsonBlock("Charge", charge)]
}

/** @param {Row} charge */
function links({ id, return_uri: shop, authorize_uri: bank, failure_code: failure }) {
  /** @param {string} href @param {string} text */
  const link = (href, text) => el("a", { href, target: "_blank", rel: "noopener" }, text)
  const parts = [el("code", {}, id), shop && link(shop, "Order in the shop"), bank && link(bank, "Bank page"), failure]
  return el("p", { className: "cluster" }, parts.filter(Boolean))
}

/** @param {HTMLElement} list */
async function showTimeline(list) {
  const { data } = await control("GET", `payments/${list.dataset.charge}/timeline`)
  fillSteps(list, inRuns(/** @type {Row[]} */ (data), ({ kind, subject }) => (kind === "request" ? subject : null)))
}

/** @param {HTMLElement} list @param {Row[][]} runs */
function fillSteps(list, runs) {
  fill(list, runs, {
    key: ([step]) => keyOf(step),
    version: versionOf,
    row: (run, before) => (run.length > 1 ? runRow(run, before) : stepRow(run[0])),
  })
}

/** @param {Row} step */
function keyOf({ kind, subject }) {
  return `${kind} ${subject.id}`
}

/** @param {Row} row */
function stepRow(row) {
  const step = STEPS[row.kind](row.subject)
  return stepItem(step, fold("timeline__step", lineOf(row, step), step.inside))
}

/** Readings that repeat, the oldest first like all steps. @param {Row[]} run @param {Element} [before] */
function runRow(run, before) {
  const step = STEPS.request(run[0].subject)
  const line = lineOf(run[0], step, repeats(run.map(({ subject }) => subject)))
  const single = run.map((each) => [each])
  const list = el("ol", { className: "timeline" })
  const details = foldRun({ className: "timeline__step", key: keyOf(run[0]), line, list, fill: (rows) => fillSteps(rows, single) }, before)
  return details.parentElement ?? stepItem(step, details)
}

/** @param {Step} step @param {HTMLElement} details */
function stepItem({ actor }, details) {
  return el("li", { data: { actor: actor.toLowerCase() } }, details)
}

/** @param {Row} row @param {Step} step @param {Node | null} [repeated] */
function lineOf({ at }, { actor, text, marks }, repeated = null) {
  return el(
    "span",
    { className: "timeline__line" },
    time(at),
    el("span", { className: "actor" }, actor),
    el("span", { className: "row__path" }, text, repeated),
    ...marks,
  )
}

/** @type {Record<string, (subject: Row) => Step>} */
const STEPS = {
  token: (token) => made(token),
  source: (source) => made(source),
  request: (entry) => ({
    actor: actorOf(entry),
    text: `${entry.method} ${entry.path}`,
    marks: [outcomeOf(entry.response), ...requestMarks(entry)],
    inside: () => insideRequest(entry),
  }),
  event: (event) => ({ actor: "Omise", text: event.key, marks: [], inside: () => [jsonBlock("Event", event)] }),
  webhook: (delivery) => ({
    actor: "Webhook",
    text: `${delivery.key} to ${delivery.uri}`,
    marks: [stateOf(delivery)],
    inside: () => insideDelivery(delivery),
  }),
}

/** @param {Row} subject @returns {Step} */
function made(subject) {
  return { actor: "Browser", text: `${subject.object} ${subject.id}`, marks: [], inside: () => [jsonBlock("Object", subject)] }
}

/** @param {Row} entry */
function actorOf({ method, path, response }) {
  if (method === "POST" && /^\/(tokens|sources)\/?$/.test(path)) return "Browser"
  return typeof response === "object" && response?.object ? "Shop" : "Bank"
}

/** @param {Row | null} response */
function outcomeOf(response) {
  if (response?.object === "error") return el("span", { className: "quiet" }, response.code)
  if (response?.object !== "charge") return null
  return el("span", { className: "quiet" }, [response.status, response.failure_code].filter(Boolean).join(", "))
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
    announce(`Charge marked as ${done}`)
  }
  return el(
    "p",
    { className: "cluster" },
    button("Mark as paid", settle("mark_as_paid", "paid")),
    button("Mark as failed", settle("mark_as_failed", "failed"), "button button--small button--danger"),
  )
}
