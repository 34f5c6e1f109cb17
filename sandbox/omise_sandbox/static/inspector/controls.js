/** The controls: clock, settings, another world, reset. */

import { control, readSettings, world } from "./api.js"
import { announce, byId, el, onSubmit, whileBusy } from "./dom.js"

const CHANGEABLE = ["dialect", "three_ds", "latency", "webhook_url"]

export function wireControls({ afterReset }) {
  for (const step of document.querySelectorAll("[data-advance]")) {
    step.addEventListener("click", () => whileBusy(step, () => advance(Number(step.dataset.advance))))
  }
  onSubmit("clock-form", ({ amount, unit }) => advance(Number(amount) * Number(unit)))
  onSubmit("settings-form", changeSettings)
  onSubmit("world-form", enterWorld)
  wireReset(afterReset)
}

// Clock

export async function showClock() {
  const { now, offset, frozen } = await control("GET", "clock")
  byId("clock-now").textContent = String(now).replace("T", " ").replace("Z", " UTC")
  const distance = Math.round(offset) ? `${duration(offset)} ahead of real time` : "real time"
  byId("clock-offset").textContent = frozen ? `${distance}, standing still` : distance
}

function duration(seconds) {
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]]
  let rest = Math.round(seconds)
  const parts = units.map(([size, name]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count ? `${count} ${name}` : ""
  })
  return parts.filter(Boolean).join(" ")
}

async function advance(seconds) {
  await control("POST", "clock", { advance: seconds })
  await showClock()
  announce(`The clock moved on by ${duration(seconds)}`)
}

// Settings

export async function showSettings() {
  const settings = await readSettings()
  const fields = byId("settings-form").elements
  for (const name of CHANGEABLE) if (name in settings) fields[name].value = settings[name] ?? ""
  byId("world-key").value = world.key
  showOthers(settings)
  return settings
}

export async function showSummary() {
  const { dialect, three_ds: threeDs } = await readSettings()
  byId("summary").textContent = `${dialect} dialect, 3-D Secure: ${threeDs}`
}

function showOthers(settings) {
  const shown = ["object", ...CHANGEABLE]
  const others = Object.entries(settings).filter(([name, value]) => !shown.includes(name) && value !== null)
  const text = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value))
  const pairs = others.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, el("code", {}, text(value)))])
  byId("settings-others").replaceChildren(...pairs)
}

async function changeSettings({ latency, webhook_url: address, ...choices }) {
  await control("POST", "settings", { ...choices, latency: Number(latency), webhook_url: address || null })
  await showSettings()
  await showSummary()
  announce("Settings changed")
}

function enterWorld({ key }) {
  world.key = key.trim()
  location.reload()
}

// Reset

function wireReset(afterReset) {
  const dialog = byId("reset-dialog")
  byId("reset").addEventListener("click", () => dialog.showModal())
  byId("reset-no").addEventListener("click", () => dialog.close())
  byId("reset-yes").addEventListener("click", ({ target }) =>
    whileBusy(target, async () => {
      await control("POST", "reset")
      dialog.close()
      await showSettings()
      await afterReset()
      announce("The sandbox is empty again")
    }),
  )
}
