/** What the system itself writes into the books as a reason; screens say it in the reader's language, by name. Books keep the words: they never change. */
export const SYSTEM_REASONS = {
  undo: "undo",
  paidTwice: "Paid twice",
  paidLate: "Paid after the order had expired",
  wrongAmount: "Wrong amount",
  nothingToDeliver: "Nothing to deliver",
  delivered: "Delivered after all",
  reported: "Reported by the buyer",
} as const;
