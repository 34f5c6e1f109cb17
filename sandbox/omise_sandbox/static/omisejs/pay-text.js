/** The words of the payment form in the languages that Omise.js offers. */

/** @type {Record<string, Record<string, string>>} */
const TEXTS = {
  en: {
    pretend: "Sandbox: pretend payment form",
    method: "Pay with",
    credit_card: "Card",
    number: "Card number",
    name: "Name on card",
    expiry: "Expiry date",
    code: "Security code",
    city: "City",
    postal_code: "Postal code",
    remember: "Save this card",
    close: "Close",
    missing: "Fill in: ",
    unreachable: "The vault could not be reached. Please try again.",
  },
  th: {
    pretend: "Sandbox: แบบฟอร์มชำระเงินจำลอง",
    method: "ชำระด้วย",
    credit_card: "บัตร",
    number: "หมายเลขบัตร",
    name: "ชื่อบนบัตร",
    expiry: "วันหมดอายุ",
    code: "รหัสความปลอดภัย",
    city: "เมือง",
    postal_code: "รหัสไปรษณีย์",
    remember: "บันทึกบัตรนี้",
    close: "ปิด",
    missing: "โปรดกรอก: ",
    unreachable: "ติดต่อระบบไม่ได้ โปรดลองอีกครั้ง",
  },
  ja: {
    pretend: "Sandbox: 模擬の支払いフォーム",
    method: "支払い方法",
    credit_card: "カード",
    number: "カード番号",
    name: "カード名義",
    expiry: "有効期限",
    code: "セキュリティコード",
    city: "市区町村",
    postal_code: "郵便番号",
    remember: "このカードを保存",
    close: "閉じる",
    missing: "入力してください: ",
    unreachable: "接続できませんでした。もう一度お試しください。",
  },
}

/**
 * @param {string} locale
 * @returns {Record<string, string>}
 */
export function textsFor(locale) {
  return { ...TEXTS.en, ...TEXTS[locale] }
}

/** @param {number | string} amount @param {string} currency @param {string} locale */
export function formatAmount(amount, currency, locale) {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "code" })
  const digits = format.resolvedOptions().maximumFractionDigits
  return format.format(Number(amount) / 10 ** (digits ?? 0))
}
