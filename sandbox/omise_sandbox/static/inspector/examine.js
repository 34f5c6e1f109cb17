/** Scenarios of `omise-sandbox examine` by hand: a question, the lanes, and the verdict. */

import { control } from "./api.js"
import { button, byId, el, inputById, onSubmit, status } from "./dom.js"
import { inRuns } from "./reads.js"
import { copy } from "./replay.js"

/** @typedef {import("./api.js").Row} Row */

const LANES = ["browser", "API", "webhook"]
/** @type {Record<string, string>} */
const TONES = { right: "successful", "not tried": "pending" }
/** @type {Row[]} */
let scenarios = []
/** What is shown, so that nothing that did not change is made again. */
let shown = ""
/** Runs of readings that are open, by the time of the first. @type {Set<number>} */
const opened = new Set()

export function wireExamination() {
  onSubmit("examine-form", ({ scenario }) => control("POST", "examination", { scenario }).then(show))
  byId("examine-scenario").addEventListener("change", showRule)
  byId("examine-stop").addEventListener("click", () => control("DELETE", "examination").then(show))
  byId("examine-copy").addEventListener("click", () => copy(asPytest(inputById("examine-scenario").value), "pytest"))
}

export async function showExamination() {
  if (!scenarios.length) await readScenarios()
  show(await control("GET", "examination"))
}

async function readScenarios() {
  scenarios = (await control("GET", "scenarios")).data
  byId("examine-scenario").replaceChildren(...scenarios.map(({ name }) => el("option", {}, name)))
  showRule()
}

function chosen() {
  return scenarios.find(({ name }) => name === inputById("examine-scenario").value)
}

function showRule() {
  const row = chosen()
  byId("examine-rule").textContent = row ? `${row.rule} (${row.source})` : ""
}

/** @param {Row} running */
function show(running) {
  const now = JSON.stringify(running)
  if (now === shown) return
  shown = now
  byId("examine-stop").hidden = !running.scenario || Boolean(running.verdict)
  showQuestion(running)
  showVerdict(running)
  const steps = running.timeline ?? []
  byId("examine-lanes").replaceChildren(...(steps.length ? [lanes(steps)] : []))
}

/** @param {Row} running */
function showQuestion({ question, choices }) {
  const place = byId("examine-question")
  place.hidden = !question
  const answers = (choices ?? []).map((/** @type {string} */ choice) => button(choice, () => answer(choice), "button"))
  place.replaceChildren(el("p", {}, question), el("p", { className: "cluster" }, answers))
}

/** @param {string} choice */
async function answer(choice) {
  show(await control("POST", "examination/answer", { choice }))
}

/** @param {Row} running */
function showVerdict({ scenario, verdict, problem, texts }) {
  const place = byId("examine-verdict")
  place.hidden = !verdict && !problem
  if (place.hidden) return
  const row = scenarios.find(({ name }) => name === scenario)
  const isBad = verdict && !(verdict in TONES)
  place.replaceChildren(
    el("p", {}, el("strong", {}, scenario), " ", status(TONES[verdict] ?? "failed", verdict ?? "not finished")),
    el("ul", {}, [...(texts ?? []), problem].filter(Boolean).map((text) => el("li", {}, text))),
    isBad ? el("p", {}, `How to fix it: ${row?.fix}`) : "",
  )
}

/** @param {Row[]} steps */
function lanes(steps) {
  const head = ["Time", "Browser", "API", "Webhook"].map((name) => el("th", { scope: "col" }, name))
  /** @param {Row} step */
  const since = ({ at }) => `${(at - steps[0].at).toFixed(2)} s`
  const rows = inRuns(steps, readingOf).map((run) =>
    el("tr", {}, el("td", {}, since(run[0])), LANES.map((name) => el("td", {}, name === run[0].lane ? textOf(run, since) : ""))),
  )
  return el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows))
}

/** A step that is a reading, as a request; its text says the path and the answer. @param {Row} step */
function readingOf({ lane, text }) {
  return lane === "API" && text.startsWith("GET ") ? { method: "GET", path: text } : null
}

/** @param {Row[]} run @param {(step: Row) => string} since */
function textOf(run, since) {
  const [{ at, text }] = run
  if (run.length === 1) return text
  const summary = `${text} × ${run.length}, ${since(run[0])} to ${since(run[run.length - 1])}`
  const details = el("details", { open: opened.has(at) }, el("summary", {}, summary), el("ul", {}, run.map((step) => el("li", {}, since(step)))))
  details.addEventListener("toggle", () => (details.open ? opened.add(at) : opened.delete(at)))
  return details
}

/** @param {string} name */
function asPytest(name) {
  const test = name.replace(/\W/g, "_")
  return `from omise_sandbox.examine.testing import expect_right


def test_${test}():
    expect_right("shop.toml", "${name}", url="${location.origin}")
`
}
