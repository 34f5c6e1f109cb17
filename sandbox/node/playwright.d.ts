import type { World, Json } from "./index.js"

export type Card = { name: string; number: string; expiry: string; securityCode: string }
export const CARD: Card
/** `within` is a Page, Frame, FrameLocator or Locator of Playwright. */
export function fillCard(within: any, card?: Partial<Card>): Promise<void>
export function payInPopup(page: any, card?: Partial<Card>): Promise<void>
export function chooseAtBank(page: any, outcome: "approve" | "decline" | "cancel"): Promise<void>
export function expectOneCharge(world: World, status?: string): Promise<Json>
