/** Webhook deliveries: what was sent where, what the shop answered, and sending again. */

import { control } from "./api.js"
import { announce, button, byId, el, fill, fold, jsonBlock, status, time } from "./dom.js"

/** @typedef {import("./api.js").Row} Row */

/** @type {Row[]} */
let deliveries = []

export function allDeliveries() {
  return deliveries
}

export async function readWebhooks() {
  const { data } = await control("GET", "webhooks")
  deliveries = data
}

export function showWebhooks() {
  const newestFirst = [...deliveries].sort((a, b) => String(b.at).localeCompare(String(a.at)))
  fill(byId("webhook-list"), newestFirst, {
    key: (delivery) => delivery.id,
    version: (delivery) => JSON.stringify(delivery),
    row: deliveryRow,
  })
  byId("webhook-empty").hidden = deliveries.length > 0
}

/** @param {Row} delivery */
function deliveryRow(delivery) {
  const line = el(
    "span",
    { className: "row__line" },
    time(delivery.at),
    el("span", { className: "row__path" }, delivery.key),
    el("span", { className: "quiet" }, delivery.attempt > 1 ? `attempt ${delivery.attempt}` : ""),
    stateOf(delivery),
  )
  return fold("row", line, () => [facts(delivery), el("p", { className: "cluster" }, resend(delivery)), jsonBlock("Delivery", delivery)])
}

/** @param {Row} delivery */
function stateOf({ status: answer, error, next_at: nextAt }) {
  if (answer) return status(answer)
  if (error && !nextAt) return status("failed", "given up")
  return status("pending", error ? "will be tried again" : "on its way")
}

/** @param {Row} delivery */
function facts({ uri, charge, error, milliseconds, next_at: nextAt }) {
  const known = { To: uri, Charge: charge, Error: error, Took: milliseconds && `${Math.round(milliseconds)} ms`, Next: nextAt }
  const pairs = Object.entries(known).filter(([, value]) => value)
  return el("dl", { className: "pairs" }, pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]))
}

/** @param {Row} delivery */
function resend({ id, key }) {
  return button("Send again", async () => {
    await control("POST", `webhooks/${id}/resend`)
    announce(`${key} is sent again`)
  })
}
