/** The fidelity manifest as a page: the source of every call, field and rule. */

import { control } from "./api.js"
import { byId, el, fold } from "./dom.js"

/** @type {Record<string, string>} */
const HEADINGS = {
  sources: "Types of evidence",
  endpoints: "Endpoints",
  requests: "Request parameters",
  objects: "Objects",
  codes: "Error codes",
  cards: "Test cards",
  dialects: "Dialects",
  source_types: "Payment methods",
  events: "Events",
  charge_states: "Charge states",
  failures: "Failures",
  rules: "Rules",
  ignored_parameters: "Ignored parameters",
  parameters: "Unsupported parameters",
  not_imitated: "Not supported",
  suites: "Official test suites",
}

export async function showFidelity() {
  const place = byId("fidelity-list")
  if (place.childElementCount) return
  const manifest = await control("GET", "fidelity")
  place.append(...Object.entries(HEADINGS).map(([kind, heading]) => section(heading, manifest[kind])))
}

/** @param {string} heading @param {unknown} content */
function section(heading, content) {
  const count = Object.keys(content ?? {}).length
  return fold("row", el("span", { className: "row__line" }, el("strong", {}, heading), el("span", { className: "quiet" }, String(count))), () => table(content))
}

/** @param {unknown} content @returns {HTMLElement} */
function table(content) {
  if (Array.isArray(content)) return el("ul", {}, content.map((each) => el("li", {}, String(each))))
  if (typeof content !== "object" || content === null) return el("span", {}, String(content))
  const pairs = Object.entries(content).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, table(value))])
  return el("dl", { className: "pairs" }, pairs)
}
