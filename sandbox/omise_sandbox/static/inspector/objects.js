/** The sandbox's objects by kind, each with its state, and a charge with its history. */

import { CallFailed, control } from "./api.js"
import { byId, el, fill, fold, inputById, jsonBlock, money, status, time, versionOf } from "./dom.js"
import { settleButtons } from "./payments.js"

/** @typedef {import("./api.js").Row} Row */

const NEWEST = "limit=100&order=reverse_chronological"

export async function showObjects() {
  const kind = inputById("object-kind").value
  const objects = await readObjects(kind)
  fill(byId("object-list"), objects, {
    key: (object) => object.id,
    version: versionOf,
    row: objectRow,
  })
  byId("object-empty").hidden = objects.length > 0
}

/**
 * A kind that this sandbox does not list is an empty list.
 * @param {string} kind
 * @returns {Promise<Row[]>}
 */
async function readObjects(kind) {
  try {
    return (await control("GET", `objects?kind=${kind}&${NEWEST}`)).data
  } catch (error) {
    if (error instanceof CallFailed && [400, 404, 501].includes(error.status)) return []
    throw error
  }
}

/** @param {Row} object */
function objectRow(object) {
  const line = el(
    "span",
    { className: "row__line" },
    time(object.created_at),
    el("span", { className: "row__path" }, object.id),
    el("span", { className: "row__money" }, object.email ?? object.key ?? money(object.amount, object.currency)),
    stateOf(object),
  )
  return fold("row", line, () => inside(object))
}

/** @param {Row} object */
function stateOf(object) {
  const state = object.status ?? object.charge_status
  if (object.deleted) return status("failed", "deleted")
  if (object.object === "token") return status(object.used ? "reversed" : "successful", object.used ? "used" : "unused")
  return state ? status(state) : null
}

/** @param {Row} object */
function inside(object) {
  if (object.object !== "charge") return [jsonBlock("Object", object)]
  const history = el("ol", { className: "history" })
  showHistory(object.id, history)
  return [settleButtons(object), history, jsonBlock("Object", object)]
}

/** @param {string} chargeId @param {HTMLElement} list */
async function showHistory(chargeId, list) {
  const events = (await readObjects("event")).filter(({ data }) => data.id === chargeId || data.charge === chargeId)
  list.append(...events.reverse().map(({ key, created_at: at }) => el("li", {}, time(at), " ", key)))
}
