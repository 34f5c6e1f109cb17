/** The options of OmiseCard: their defaults and their other names. */

/** @typedef {Record<string, any>} FormConfig the options that the shop gave */

/** @type {FormConfig} */
const DEFAULTS = {
  key: "",
  amount: 0,
  currency: "THB",
  image: "",
  frameLabel: "Omise",
  frameDescription: "Secured by Omise",
  defaultPaymentMethod: "credit_card",
  otherPaymentMethods: [],
  submitLabel: "Pay",
  buttonLabel: "Pay with Omise",
  location: "no",
  submitAuto: "yes",
  submitFormTarget: "",
  cardBrands: "visa mastercard",
  locale: "en",
  autoCardNumberFormat: "yes",
  expiryDateStyle: "",
  hideAmount: false,
}
/** @type {Record<string, string>} */
const ALIASES = { publicKey: "key", logo: "image", locationField: "location" }

/** @param {FormConfig} config */
function normalise(config) {
  const renamed = Object.entries(config).map(([name, value]) => [ALIASES[name] ?? name, value])
  /** @type {FormConfig} */
  const normal = Object.fromEntries(renamed)
  if (normal.customInstallmentForm) {
    throw new Error("OmiseCard: customInstallmentForm is not imitated by the sandbox")
  }
  if (typeof normal.otherPaymentMethods === "string") {
    normal.otherPaymentMethods = splitMethods(normal.otherPaymentMethods)
  }
  return normal
}

/**
 * Commas inside brackets belong to the method: `installment_bay(3,6),promptpay`.
 * @param {string} text
 */
function splitMethods(text) {
  return text
    .split(/,(?![^(]*\))/)
    .map((name) => name.trim())
    .filter(Boolean)
}
