/** The globals of Omise.js, as far as the shop uses them (docs.omise.co/omise-js). */

interface OmiseTokenResponse {
  id?: string
  code?: string
  message?: string
}

interface OmiseJs {
  setPublicKey(publicKey: string | null): void
  createToken(
    type: "card",
    card: Record<string, string | number | undefined>,
    callback: (statusCode: number, response: OmiseTokenResponse | undefined) => void,
  ): void
}

interface OmiseCardForm {
  configure(options: object): void
  open(options: object, opened?: () => void): void
  requestCardToken(options: object): void
  destroy(): void
}

interface Window {
  Omise?: OmiseJs
  OmiseCard?: OmiseCardForm
}
