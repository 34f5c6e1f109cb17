/** Worlds: list, create, switch. The page shows keys masked until asked. */

import { control, world } from "./api.js"
import { button, byId, counted, el, fill, onSubmit, status, time } from "./dom.js"

/** @typedef {import("./api.js").Row} Row */

export function wireWorlds() {
  onSubmit("world-form", ({ key }) => enter(key.trim()))
  byId("new-world").append(button("New world", create))
}

export async function showWorlds() {
  const { data } = await control("GET", "worlds")
  const newestFirst = [...data].reverse()
  fill(byId("world-list"), newestFirst, { key: (each) => each.public_key, version: JSON.stringify, row: worldRow })
}

/** @param {Row} each */
function worldRow(each) {
  const isHere = world.key ? world.key === each.secret_key : each.default
  return el(
    "li",
    { className: "row row__line" },
    time(each.created_at),
    el("span", { className: "row__path" }, each.default ? "Default world" : masked(each.secret_key)),
    el("span", { className: "quiet" }, `${each.dialect}, ${counted(each.charges, "charge")}`),
    isHere ? status("successful", "current") : button("Switch", () => enter(each.default ? "" : each.secret_key)),
  )
}

async function create() {
  const made = await control("POST", "worlds", {})
  enter(made.secret_key)
}

/** @param {string} key */
function enter(key) {
  world.key = key
  location.reload()
}

/** A secret with its kind and its last four characters. @param {string} secret */
export function masked(secret) {
  const kind = secret.match(/^[a-z]+_(test_)?/)?.[0] ?? ""
  return `${kind}•••${kind ? secret.slice(-4) : ""}`
}

/** A secret that is shown when asked for. @param {string} secret */
export function secretText(secret) {
  const text = el("code", {}, masked(secret))
  const toggle = button("Show", () => {
    const isHidden = toggle.textContent === "Show"
    text.textContent = isHidden ? secret : masked(secret)
    toggle.textContent = isHidden ? "Hide" : "Show"
  })
  return el("span", { className: "cluster" }, text, toggle)
}
