/** Tells the recorder what a tester does on a page of a shop. Runs in every frame. */

/**
 * @typedef {{ do: string, target: string, value?: string, secret?: boolean }} Step
 * @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field
 */

const CLICKABLE = "button, a[href], summary, input[type=submit], input[type=image], [role=button], [role=link]"
const FIELDS = "input, select, textarea"

/** @param {Step} step */
const tell = (step) => /** @type {any} */ (window).tellRecorder(step)

/** @param {string} value */
const quoted = (value) => `"${value.replace(/["\\]/g, "\\$&")}"`

/** @param {string | null | undefined} text */
const oneLine = (text) => (text ?? "").replace(/\s+/g, " ").trim()

/**
 * How a recipe names a field: by its purpose, its label, or its name.
 * @param {Field} field
 */
function nameOf(field) {
  const purpose = field.autocomplete.split(" ").pop() ?? ""
  if (purpose.startsWith("cc-")) return `autocomplete=${purpose}`
  const label = oneLine(field.labels?.[0]?.innerText) || field.getAttribute("aria-label")
  if (label) return `label=${label}`
  return field.name ? `[name=${quoted(field.name)}]` : `#${CSS.escape(field.id)}`
}

/**
 * How a recipe names a button or a link: by its text.
 * @param {HTMLElement} element
 */
function nameOfClickable(element) {
  const text = element instanceof HTMLInputElement ? element.value : element.innerText
  const name = element.getAttribute("aria-label") || oneLine(text)
  const isLink = element.matches("a, [role=link]")
  if (name && !element.matches("summary")) return `${isLink ? "link" : "button"}=${name}`
  return name ? `text=${name}` : `#${CSS.escape(element.id)}`
}

/** @param {Event} event */
function clicked({ target }) {
  if (!(target instanceof Element)) return
  const field = target.closest("input[type=radio], input[type=checkbox]")
  if (field) return
  const element = /** @type {HTMLElement | null} */ (target.closest(CLICKABLE))
  if (element) tell({ do: "press", target: nameOfClickable(element) })
}

/** @param {Event} event */
function changed({ target }) {
  if (!(target instanceof Element) || !target.matches(FIELDS)) return
  const field = /** @type {Field} */ (target)
  if (field instanceof HTMLSelectElement) tell({ do: "choose", target: nameOf(field), value: field.value })
  else if (["radio", "checkbox"].includes(field.type)) tell({ do: "check", target: nameOf(field) })
  else tell({ do: "fill", target: nameOf(field), value: field.value, secret: field.type === "password" })
}

document.addEventListener("click", clicked, true)
document.addEventListener("change", changed, true)
