/** Buttons that open the payment form, and the form of the shop that they send. */

attachScriptTag()

/** <script src="omise.js" data-key=… data-amount=…> inside a form makes its own button. */
function attachScriptTag() {
  if (!script?.dataset.key) return
  const button = document.createElement("button")
  Object.assign(button, { type: "button", className: "omise-checkout-button" })
  script.after(button)
  settings = { ...DEFAULTS, ...normalise(script.dataset) }
  openFrame()
  attachButton(button, {})
}

/** @param {HTMLButtonElement} button @param {FormConfig} config */
function attachButton(button, config) {
  const all = { ...settings, ...normalise(config) }
  /** @type {HTMLFormElement | null} */
  const target = all.submitFormTarget ? document.querySelector(all.submitFormTarget) : button.closest("form")
  if (!button.textContent && !button.value) button.textContent = all.buttonLabel
  if (target) addHiddenInputs(target)
  button.addEventListener("click", (event) => {
    event.preventDefault()
    openForm({ ...settings, ...normalise(config) }, target)
  })
}

/** @param {HTMLFormElement} target */
function addHiddenInputs(target) {
  for (const name of ["omiseToken", "omiseSource"]) {
    if (target.elements.namedItem(name)) continue
    target.append(Object.assign(document.createElement("input"), { type: "hidden", name }))
  }
}

/** @param {HTMLFormElement} target @param {string} nonce */
function fillIn(target, nonce) {
  const name = nonce.startsWith("src_") ? "omiseSource" : "omiseToken"
  const input = /** @type {HTMLInputElement} */ (target.elements.namedItem(name))
  input.value = nonce
}
