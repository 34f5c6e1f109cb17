/** The pure functions behind the card fields: what people type, paste and let the browser fill in. */
import assert from "node:assert/strict"
import { test } from "node:test"

import {
  brandOf,
  digitsOf,
  formatExpiry,
  groupNumber,
  isPast,
  parseExpiry,
  passesLuhn,
  plainDigits,
  problemsOf,
} from "../../storefront/payments/static/card-field.js"

const TODAY = new Date(2026, 10, 26)

const VALID = { name: "Nok", number: "4242 4242 4242 4242", expiry: "12 / 40", security_code: "123" }

const problems = (changes) => problemsOf({ ...VALID, ...changes }, TODAY)

/** One test for each pair of input and expected output. */
function table(name, pairs, actual) {
  for (const [input, expected] of pairs) {
    test(`${name}: ${JSON.stringify(input)}`, () => assert.deepEqual(actual(input), expected))
  }
}

table(
  "digits become ASCII",
  [
    ["๐๑๒๓๔๕๖๗๘๙", "0123456789"],
    ["０１２３４５６７８９", "0123456789"],
    ["4242", "4242"],
  ],
  plainDigits,
)

table(
  "only digits are kept",
  [
    ["4242 4242-4242.4242", "4242424242424242"],
    ["๔๒４２", "4242"],
    ["none", ""],
  ],
  digitsOf,
)

table(
  "the first digits tell the brand",
  [
    ["4", "Visa"],
    ["51", "Mastercard"],
    ["55", "Mastercard"],
    ["56", ""],
    ["2220", ""],
    ["2221", "Mastercard"],
    ["2720", "Mastercard"],
    ["2721", ""],
    ["34", "American Express"],
    ["37", "American Express"],
    ["3527", ""],
    ["3528", "JCB"],
    ["3589", "JCB"],
    ["300", "Diners Club"],
    ["306", ""],
    ["36", "Diners Club"],
    ["62", "UnionPay"],
    ["6011", "Discover"],
    ["644", "Discover"],
    ["65", "Discover"],
    ["9", ""],
    ["", ""],
  ],
  (number) => brandOf(number).label,
)

table(
  "a number is shown in the groups of its card",
  [
    ["4242424242424242", "4242 4242 4242 4242"],
    ["4242-4242-4242-4242", "4242 4242 4242 4242"],
    [" 4242 4242 4242 4242 ", "4242 4242 4242 4242"],
    ["378282246310005", "3782 822463 10005"],
    ["30569309025904", "3056 930902 5904"],
    ["４２４２４２４２", "4242 4242"],
    ["\u202a4242\u200b4242\u00ad4242\u200e4242\u202c", "4242 4242 4242 4242"],
    ["card 4242", "card 4242"],
    ["", ""],
  ],
  (text) => groupNumber(text, text.length).text,
)

// The caret is marked by |.
table(
  "the caret stays behind its digit",
  [
    ["|42424242", "|4242 4242"],
    ["4242|", "4242|"],
    ["42421|", "4242 1|"],
    ["4211|1 4242 42", "4211| 1424 242"],
    ["42111| 4242 42", "4211 1|424 242"],
    ["378282|", "3782 82|"],
    ["card| 4242", "card| 4242"],
  ],
  (marked) => {
    const { text, caret } = groupNumber(marked.replace("|", ""), marked.indexOf("|"))
    return `${text.slice(0, caret)}|${text.slice(caret)}`
  },
)

table(
  "the Luhn check digit is verified",
  [
    ["4242424242424242", true],
    ["378282246310005", true],
    ["6011000990139424", true],
    ["4242424242424241", false],
    ["2424242424242424", false],
  ],
  passesLuhn,
)

table(
  "an expiry date is read in every common spelling",
  [
    "08/29",
    "8/29",
    "0829",
    "08 29",
    "08-29",
    "08.29",
    "8 / 2029",
    "08/2029",
    "082029",
    "2029-08",
    " 08 / 29 ",
    "๐๘/๒๙",
    "０８／２９",
  ].map((spelling) => [spelling, { month: 8, year: 2029 }]),
  parseExpiry,
)

table(
  "text that is no date is refused",
  ["", "0", "13/29", "00/29", "8/9", "29/08/2029", "1829", "aug 29", "08/1929"].map((text) => [text, null]),
  parseExpiry,
)

test("an expiry date is shown as cards print it", () => {
  assert.equal(formatExpiry({ month: 8, year: 2029 }), "08 / 29")
  assert.equal(formatExpiry({ month: 12, year: 2105 }), "12 / 05")
})

table(
  "a card is valid until its last month is over",
  [
    [{ month: 10, year: 2026 }, true],
    [{ month: 11, year: 2026 }, false],
    [{ month: 1, year: 2027 }, false],
    [{ month: 12, year: 2025 }, true],
  ],
  (expiry) => isPast(expiry, TODAY),
)

table(
  "every problem of a card is named by its field",
  [
    [{}, {}],
    [{ name: "  " }, { name: "name_blank" }],
    [{ number: " " }, { number: "number_blank" }],
    [{ number: "4242 4242 4242 4241" }, { number: "number_wrong" }],
    [{ number: "424242424242424" }, { number: "number_wrong" }],
    [{ number: "4242 4242 4242 424x" }, { number: "number_wrong" }],
    [{ expiry: "" }, { expiry: "expiry_blank" }],
    [{ expiry: "1" }, { expiry: "expiry_wrong" }],
    [{ expiry: "10 / 26" }, { expiry: "expiry_past" }],
    [{ security_code: "" }, { security_code: "security_code_blank" }],
    [{ security_code: "12" }, { security_code: "security_code_wrong_3" }],
    [{ security_code: "๑๒๓" }, {}],
    [{ number: "378282246310005", security_code: "123" }, { security_code: "security_code_wrong_4" }],
    [{ number: "378282246310005", security_code: "1234" }, {}],
    [{ number: "62123456789012345", security_code: "123" }, { number: "number_wrong" }],
  ],
  problems,
)

test("an empty card has one problem in each field", () => {
  const empty = { name: "", number: "", expiry: "", security_code: "" }

  assert.deepEqual(problemsOf(empty, TODAY), {
    name: "name_blank",
    number: "number_blank",
    expiry: "expiry_blank",
    security_code: "security_code_blank",
  })
})
