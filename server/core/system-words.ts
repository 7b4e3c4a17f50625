/**
 * What the system writes into books and audit in its own words. Screens say it in the reader's language, by the name it
 * has here. What was written stays: words are added, never changed.
 */

/** Why, where nobody gave a reason. */
export const SYSTEM_REASONS = {
  undo: "undo",
  paidTwice: "Paid twice",
  paidLate: "Paid after the order had expired",
  wrongAmount: "Wrong amount",
  nothingToDeliver: "Nothing to deliver",
  delivered: "Delivered after all",
  reported: "Reported by the buyer",
} as const;

/** Who, where it was no user and no API key. */
export const SYSTEM_ACTORS = {
  system: "system",
  worker: "worker",
  setUp: "set-up",
  signIn: "sign-in",
  invitation: "invitation",
  channel: "payment channel",
  buyer: "buyer",
} as const;
