/** Helpers for Playwright; they take its objects and import nothing of it. */

const FIELDS = {
  name: ["cc-name", /name on card|card ?holder|name/i],
  number: ["cc-number", /card number/i],
  expiry: ["cc-exp", /expir|valid/i],
  securityCode: ["cc-csc", /security code|cvc|cvv|csc/i],
}
const POPUP = "#omise-checkout-iframe-app"

export const CARD = { name: "Somchai Prasert", number: "4242424242424242", expiry: "12/40", securityCode: "123" }

/** Enter a card in a form of a page or frame, found by `autocomplete` or by labels. */
export async function fillCard(within, card = {}) {
  for (const [name, value] of Object.entries({ ...CARD, ...card })) {
    const [purpose, label] = FIELDS[name]
    const byPurpose = within.locator(`[autocomplete~="${purpose}"]:visible`)
    const found = (await byPurpose.count()) ? byPurpose : within.getByLabel(label)
    if (await found.count()) await found.first().fill(value)
    else if (name !== "name") throw new Error(`the form has no field for ${name}`)
  }
}

/** Pay in the pop-up of Omise.js, once the shop has opened it. */
export async function payInPopup(page, card = {}) {
  const frame = page.frameLocator(POPUP)
  await frame.locator("#submit").waitFor()
  await fillCard(frame, card)
  await frame.locator("#submit").click()
}

/** At the test bank: approve, decline or cancel. */
export function chooseAtBank(page, outcome) {
  return page.getByTestId(outcome).click()
}

/** The only charge of a world; throws when there are none, several, or another status. */
export async function expectOneCharge(world, status = "successful") {
  const charges = await world.charges()
  const found = charges.map((charge) => `${charge.id} ${charge.status}`).join(", ") || "none"
  if (charges.length !== 1 || charges[0].status !== status) throw new Error(`expected one ${status} charge, got: ${found}`)
  return charges[0]
}
