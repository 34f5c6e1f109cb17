/** The fields of a card: how they are typed, and the values that the vault gets. */

import { inputById } from "./pay-dom.js"

const BILLING = ["street1", "street2", "city", "state", "postal_code", "country", "phone_number"]

export function spaceNumber() {
  const input = inputById("number")
  if (input.selectionEnd !== input.value.length) return
  const digits = input.value.replace(/[\s-]/g, "")
  if (/^\d*$/.test(digits)) input.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ")
}

/** @param {InputEvent} event */
export function slashExpiry({ inputType }) {
  if (inputType?.startsWith("delete")) return
  const input = inputById("expiry")
  if (/^([2-9]|\d\d)$/.test(input.value)) input.value = `${input.value.padStart(2, "0")} / `
}

/** @param {{ withLocation: boolean }} form */
export function cardValues({ withLocation }) {
  const [month, year] = expiryParts(inputById("expiry").value.trim())
  return {
    name: inputById("name").value,
    number: inputById("number").value.replace(/[\s-]/g, ""),
    expiration_month: toNumber(month),
    expiration_year: toNumber(year.length === 2 ? `20${year}` : year),
    security_code: inputById("code").value,
    ...(withLocation && {
      city: inputById("city").value,
      postal_code: inputById("postal_code").value,
    }),
  }
}

/**
 * What is no date goes to the vault as it is: the vault says what is wrong with it.
 * @param {string} text
 */
function expiryParts(text) {
  const [, month, year] = text.match(/^(\d{1,2})\D*(\d{4}|\d{2})$/) ?? ["", text, ""]
  return [month, year]
}

/** @param {string} text */
function toNumber(text) {
  return /^\d+$/.test(text) ? Number(text) : text
}

/** @param {Record<string, any>} details */
export function billing({ email, billingAddress, ...address }) {
  /** @type {Record<string, string>} */
  const given = { ...address, ...billingAddress }
  const known = BILLING.filter((key) => given[key]).map((key) => [key, given[key]])
  return { ...Object.fromEntries(known), ...(email && { email }) }
}
