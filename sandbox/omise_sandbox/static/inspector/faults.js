/** Faults: what goes wrong on which call or with which webhook; and what is held until released. */

import { control } from "./api.js"
import { announce, button, byId, counted, el, fill, inputById, onSubmit, status, time, whileBusy } from "./dom.js"

/** @typedef {import("./api.js").Row} Row */

export function wireFaults() {
  onSubmit("fault-form", addFault)
  byId("fault-do").addEventListener("change", showFaultFields)
  byId("clear-faults").addEventListener("click", () => whileBusy(byId("clear-faults"), clearFaults))
  showFaultFields()
}

export async function showFaults() {
  /** @type {{ data: Row[] }} */
  const { data } = await control("GET", "faults")
  fill(byId("fault-list"), data, { key: (fault) => fault.id, version: JSON.stringify, row: faultRow })
  byId("fault-empty").hidden = data.length > 0
  byId("clear-faults").hidden = data.length === 0
  const armed = data.filter(({ remaining }) => remaining !== 0).length
  byId("armed").textContent = armed ? counted(armed, "active fault") : ""
  byId("armed").hidden = armed === 0
}

/** @param {Row} fault */
function faultRow(fault) {
  const { id, do: deed, status: code, seconds, times, remaining, fired, probability } = fault
  /** @type {Row} */
  const details = { status: code, delay: `${seconds} s` }
  const detail = details[deed] ?? ""
  const chance = probability < 1 ? `, probability ${Math.round(probability * 100)}%` : ""
  return el(
    "li",
    { className: "row row__line" },
    el("span", { className: "quiet" }, String(id)),
    el("span", { className: "row__path" }, `${victimOf(fault)}: ${[deed, detail].filter(Boolean).join(" ")}${chance}`),
    status(remaining === 0 ? "none" : "pending", times ? `fired ${fired} of ${times}` : `fired ${fired}, no limit`),
    button("Remove", () => clearFault(id)),
  )
}

/** @param {Row} fault */
function victimOf({ method, path, webhook }) {
  return webhook ? `webhook ${webhook}` : `${method ?? "Any method"} ${path}`
}

/** What the choice in the form means: done to a webhook or to a call, and what. */
function chosenDeed() {
  const [victim, deed] = inputById("fault-do").value.split(":")
  return { isWebhook: victim === "webhook", deed }
}

function showFaultFields() {
  const { isWebhook, deed } = chosenDeed()
  byId("fault-method-field").hidden = isWebhook
  byId("fault-path-field").hidden = isWebhook
  byId("fault-webhook-field").hidden = !isWebhook
  byId("fault-status-field").hidden = deed !== "status"
  byId("fault-seconds-field").hidden = deed !== "delay" && deed !== "reorder"
}

/** @param {Record<string, string>} values */
async function addFault({ method, path, webhook, status: code, seconds, times, probability }) {
  const { isWebhook, deed } = chosenDeed()
  /** @type {Row} */
  const fault = { do: deed, times: Number(times) || null, probability: Number(probability) / 100 }
  Object.assign(fault, isWebhook ? { webhook } : { path, method: method || null })
  if (deed === "status") fault.status = Number(code)
  if (deed === "delay" || deed === "reorder") fault.seconds = Number(seconds)
  await control("POST", "faults", fault)
  await showFaults()
  announce(`Fault added: ${victimOf(fault)}, ${deed}`)
}

/** @param {number} id */
async function clearFault(id) {
  await control("DELETE", `faults/${id}`)
  await showFaults()
}

async function clearFaults() {
  await control("DELETE", "faults")
  await showFaults()
  announce("All faults removed")
}

// Holds

export async function showHolds() {
  const { data } = await control("GET", "holds")
  fill(byId("hold-list"), data, { key: (hold) => hold.id, version: JSON.stringify, row: holdRow })
  byId("hold-section").hidden = data.length === 0
}

/** @param {Row} hold */
function holdRow({ id, kind, subject, at }) {
  return el(
    "li",
    { className: "row row__line" },
    time(at),
    el("span", { className: "row__path" }, `${kind}: ${subject}`),
    button("Release", () => release(id)),
  )
}

/** @param {number} id */
async function release(id) {
  await control("POST", `holds/${id}/release`)
  await showHolds()
  announce("Released")
}
