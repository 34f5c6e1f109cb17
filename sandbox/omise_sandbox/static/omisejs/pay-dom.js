/** The elements of the payment form. */

/** @typedef {HTMLInputElement & HTMLSelectElement} Field */

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))
/** @param {string} id */
export const inputById = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id))

/** @param {string} selector @returns {HTMLElement[]} */
export function parts(selector) {
  return [...document.querySelectorAll(selector)].map((part) => /** @type {HTMLElement} */ (part))
}

/**
 * The first input or select inside of an element, which has one.
 * @param {Element} element
 */
export function inputIn(element, selector = "input, select") {
  return /** @type {Field} */ (element.querySelector(selector))
}

/**
 * A new elementfrom a template of the page.
 * @param {string} id
 */
export function copyOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id))
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true))
}

/** @param {Element} field */
export function isShown(field) {
  return !field.closest("[hidden]")
}
