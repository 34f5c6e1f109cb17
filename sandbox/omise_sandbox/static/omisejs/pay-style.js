/** The colours and sizes that a shop may give an embedded form. */

/** @type {Record<string, string>} */
const STYLES = {
  height: "--pay-height",
  borderRadius: "--pay-radius",
  border: "--pay-border",
  focusBorder: "--pay-focus",
  background: "--pay-background",
  color: "--pay-color",
  labelColor: "--pay-label",
  placeholderColor: "--pay-placeholder",
}

/** @param {Record<string, any>} style */
export function applyStyle({ fontFamily, fontSize, input = {}, checkBox = {} }) {
  setStyle("--pay-font", fontFamily)
  setStyle("--pay-size", fontSize)
  setStyle("--pay-ink", checkBox.textColor)
  setStyle("--color-action", checkBox.themeColor)
  for (const [name, property] of Object.entries(STYLES)) setStyle(property, input[name])
}

/** @param {string} property @param {string | number | undefined} value */
function setStyle(property, value) {
  if (value === undefined) document.documentElement.style.removeProperty(property)
  else document.documentElement.style.setProperty(property, typeof value === "number" ? `${value}px` : value)
}
