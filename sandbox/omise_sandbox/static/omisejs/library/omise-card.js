/** `window.OmiseCard`: the payment form, and what the shop hears of it. */

const FADE_MS = 250

/** @typedef {{ config: FormConfig, target: HTMLFormElement | null, shown: Promise<boolean> }} FormSession */

/** @type {FormConfig | null} */
let settings = null
/** @type {FormFrame | null} */
let form = null
/** @type {FormSession | null} */
let session = null
/** @type {{ selector: string, config: FormConfig }[]} */
let buttons = []

window.OmiseCard = {
  configure(config = {}) {
    settings = { ...DEFAULTS, ...settings, ...normalise(config) }
    form?.remove()
    form = null
    openFrame()
  },
  configureButton(selector, config = {}) {
    buttons.push({ selector, config })
  },
  attach() {
    settings ??= { ...DEFAULTS }
    openFrame()
    for (const { selector, config } of buttons.splice(0)) {
      for (const button of document.querySelectorAll(selector)) {
        attachButton(/** @type {HTMLButtonElement} */ (button), config)
      }
    }
  },
  open(config = {}, callback) {
    if (!settings) return false
    return openForm({ ...settings, ...normalise(config) }, null, callback)
  },
  close(callback) {
    closeForm({ isCancelled: true, callback })
  },
  destroy() {
    form?.remove()
    form = settings = session = null
    buttons = []
  },
  requestCardToken(details = {}) {
    if (!settings?.customCardForm) throw new Error("OmiseCard: configure customCardForm and element first")
    session?.shown.then((isShown) => isShown && form?.post("REQUEST_CARD_TOKEN", details))
  },
}

function openFrame() {
  const { customCardForm, element, customCardFormTheme } = settings ?? {}
  if (customCardForm && !element) throw new Error("OmiseCard: customCardForm needs an element")
  form ??= new FormFrame(receiveFromForm, customCardForm ? element : null, customCardFormTheme)
  return form
}

/** @param {FormConfig} config @param {HTMLFormElement | null} target @param {() => void} [callback] */
function openForm(config, target, callback) {
  const shown = openFrame().show(config)
  session = { config, target, shown }
  shown.then((isShown) => isShown && callback?.())
  return true
}

/** @param {string} type @param {any} [data] */
function receiveFromForm(type, data) {
  const { config } = session ?? {}
  if (type === "CLOSE_IFRAME") closeForm({ isCancelled: true })
  else if (type === "CLOSE_AND_SEND_TOKEN") acceptNonce(data)
  else if (type === "CARD_TOKEN_CREATED") config?.onCreateTokenSuccess?.(data)
  else if (type === "CARD_FORM_ERROR") config?.onError?.(data)
}

/** @param {string} nonce the id of a token or of a source */
function acceptNonce(nonce) {
  if (!session) return
  const { config, target } = session
  closeForm({ isCancelled: false })
  if (target) fillIn(target, nonce)
  if (target && config.submitAuto === "yes") HTMLFormElement.prototype.submit.call(target)
  config.onCreateTokenSuccess?.(nonce)
}

/**
 * As in the library, onFormClosed is for a form that was closed without a token.
 * @param {{ isCancelled: boolean, callback?: () => void }} how
 */
function closeForm({ isCancelled, callback }) {
  const closed = session
  session = null
  setTimeout(() => {
    if (!session) form?.hide()
    if (isCancelled) closed?.config.onFormClosed?.(form?.iframe)
    callback?.()
  }, FADE_MS)
}
