/** Webhook deliveries: what was sent where, what the shop answered, and sending again. */

import { control } from "./api.js"
import { announce, button, byId, el, fill, fold, fullTime, jsonBlock, onSubmit, status, time } from "./dom.js"

/** @typedef {import("./api.js").Row} Row */

export function wireWebhooks() {
  onSubmit("trigger-form", async ({ event, charge }) => {
    const caused = await control("POST", "trigger", { event, ...(charge && { charge }) })
    announce(`Triggered ${caused.key} for ${caused.data.id}`)
  })
}

export async function showWebhooks() {
  /** @type {{ data: Row[] }} */
  const { data: deliveries } = await control("GET", "webhooks")
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
  return fold("row", line, () => insideDelivery(delivery))
}

/** @param {Row} delivery */
export function insideDelivery(delivery) {
  const { headers = [], body = "" } = delivery.attempts.at(-1) ?? {}
  const blocks = [
    jsonBlock("Payload", parsed(delivery.payload)),
    jsonBlock("Response headers", headers.join("\n")),
    jsonBlock("Response body", parsed(body)),
    delivery.attempts.length > 1 ? jsonBlock("Attempts", delivery.attempts) : null,
  ].filter((block) => block !== null)
  return [facts(delivery), el("p", { className: "cluster" }, resend(delivery)), el("div", { className: "blocks" }, blocks)]
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** @param {Row} delivery */
export function stateOf({ status: answer, error, next_at: nextAt }) {
  if (answer) return status(answer)
  if (error && !nextAt) return status("failed", "failed")
  return status("pending", error ? "will be retried" : "sending")
}

/** @param {Row} delivery */
function facts({ uri, charge, error, milliseconds, next_at: nextAt }) {
  const payment = charge && el("a", { href: `#payments/${charge}` }, charge)
  const known = {
    URL: uri,
    Charge: payment,
    Error: error,
    Duration: milliseconds && `${Math.round(milliseconds)} ms`,
    "Next attempt": nextAt && fullTime(new Date(nextAt)),
  }
  const pairs = Object.entries(known).filter(([, value]) => value)
  return el("dl", { className: "pairs" }, pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value instanceof Node ? value : String(value))]))
}

/** @param {Row} delivery */
function resend({ id, key }) {
  return button("Resend", async () => {
    await control("POST", `webhooks/${id}/resend`)
    announce(`Resent ${key}`)
  })
}
