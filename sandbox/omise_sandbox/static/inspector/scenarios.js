/** Common faults, each added by one button. */

import { control } from "./api.js"
import { announce, button, byId } from "./dom.js"
import { showFaults } from "./faults.js"

/** @type {[string, import("./api.js").Row][]} */
const SCENARIOS = [
  ["Lose the next answer", { method: "POST", path: "/charges", do: "drop_after" }],
  ["Decline the next charge", { method: "POST", path: "/charges", do: "decline" }],
  ["Omise down for 1 minute", { path: "/*", do: "status", status: 503, times: null, lasts: 60 }],
  ["Duplicate the next webhook", { webhook: "*", do: "duplicate" }],
  ["Bank never comes back", { method: "POST", path: "/payments/*", do: "drop_after" }],
]

export function wireScenarios() {
  byId("scenarios").append(...SCENARIOS.map(([name, fault]) => button(name, () => start(name, fault))))
}

/** @param {string} name @param {import("./api.js").Row} fault */
async function start(name, fault) {
  await control("POST", "faults", fault)
  await showFaults()
  announce(`Fault added: ${name}`)
}
