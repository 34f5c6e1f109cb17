/** The controls: clock, settings, another world, reset. */

import { control, readSettings, world } from "./api.js"
import { announce, byId, el, fullTime, onSubmit, whileBusy } from "./dom.js"
import { masked, secretText } from "./worlds.js"

/** @typedef {import("./api.js").Row} Row */

const SECRETS = ["secret_key", "webhook_secret"]
/** @type {Record<string, string>} */
const THREE_DS = { card: "test cards", always: "every card", never: "never" }
const CHANGEABLE = ["dialect", "three_ds", "latency", "webhook_url"]

/** @param {{ afterReset: () => Promise<void> }} hooks */
export function wireControls({ afterReset }) {
  const steps = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-advance]"))
  for (const step of steps) {
    step.addEventListener("click", () => whileBusy(step, () => advance(Number(step.dataset.advance))))
  }
  onSubmit("clock-form", ({ amount, unit }) => advance(Number(amount) * Number(unit)))
  onSubmit("settings-form", changeSettings)
  byId("clock-freeze").addEventListener("click", () => whileBusy(byId("clock-freeze"), freeze))
  byId("clock-real").addEventListener("click", () => whileBusy(byId("clock-real"), backToReal))
  byId("banner-real").addEventListener("click", () => whileBusy(byId("banner-real"), backToReal))
  wireReset(afterReset)
}

// Clock

export async function showClock() {
  const { now, offset, frozen } = await control("GET", "clock")
  byId("clock-now").textContent = fullTime(new Date(now))
  const distance = Math.round(offset) ? `${duration(offset)} ahead of real time` : ""
  const text = [distance, frozen ? "frozen" : ""].filter(Boolean).join(", ")
  byId("clock-offset").textContent = text || "Real time"
  byId("clock-freeze").textContent = frozen ? "Unfreeze clock" : "Freeze clock"
  byId("clock-freeze").dataset.frozen = String(frozen)
  byId("clock-real").hidden = text === ""
  byId("banner").hidden = text === ""
  byId("banner-text").textContent = `The clock of this world is ${text}.`
}

async function freeze() {
  await control("POST", "clock", { frozen: byId("clock-freeze").dataset.frozen !== "true" })
  await showClock()
}

async function backToReal() {
  await control("POST", "clock", { real: true })
  await showClock()
  announce("Clock set to real time")
}

/** @param {number} seconds */
function duration(seconds) {
  /** @type {[number, string][]} */
  const units = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]]
  let rest = Math.round(seconds)
  const parts = units.map(([size, name]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count ? `${count} ${name}${count > 1 ? "s" : ""}` : ""
  })
  return parts.filter(Boolean).join(" ")
}

/** @param {number} seconds */
async function advance(seconds) {
  await control("POST", "clock", { advance: seconds })
  await showClock()
  announce(`Clock advanced by ${duration(seconds)}`)
}

// Settings

export async function showSettings() {
  const settings = await readSettings()
  const { elements } = /** @type {HTMLFormElement} */ (byId("settings-form"))
  for (const name of CHANGEABLE.filter((each) => each in settings)) {
    const field = /** @type {HTMLInputElement} */ (elements.namedItem(name))
    field.value = settings[name] ?? ""
  }
  showOthers(settings)
  return settings
}

export async function showSummary() {
  const { dialect, three_ds: threeDs, secret_key: key } = await readSettings()
  const parts = [`Dialect: ${dialect}`, `3-D Secure: ${THREE_DS[threeDs] ?? threeDs}`, "UTC"]
  byId("summary").textContent = [world.key && `World: ${masked(key)}`, ...parts].filter(Boolean).join(" · ")
}

/** @param {Row} settings */
function showOthers(settings) {
  const shown = ["object", ...CHANGEABLE]
  const others = Object.entries(settings).filter(([name, value]) => !shown.includes(name) && value !== null)
  /** @param {unknown} value */
  const text = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value))
  /** @param {string} name */
  const labelOf = (name) => (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ")
  /** @param {string} name @param {unknown} value */
  const valueOf = (name, value) => (SECRETS.includes(name) ? secretText(String(value)) : el("code", {}, text(value)))
  const pairs = others.flatMap(([name, value]) => [el("dt", {}, labelOf(name)), el("dd", {}, valueOf(name, value))])
  byId("settings-others").replaceChildren(...pairs)
}

/** @param {Record<string, string>} values */
async function changeSettings({ latency, webhook_url: address, ...choices }) {
  await control("POST", "settings", { ...choices, latency: Number(latency), webhook_url: address || null })
  await showSettings()
  await showSummary()
  announce("Settings saved")
}

// Reset

/** @param {() => Promise<void>} afterReset */
function wireReset(afterReset) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("reset-dialog"))
  byId("reset").addEventListener("click", () => dialog.showModal())
  byId("reset-no").addEventListener("click", () => dialog.close())
  byId("reset-yes").addEventListener("click", () =>
    whileBusy(byId("reset-yes"), async () => {
      await control("POST", "reset")
      dialog.close()
      await showSettings()
      await afterReset()
      announce("World reset")
    }),
  )
}
