import type { Shape } from "../shape";
import type zh from "../zh-CN/wallet";

export default {
  title: "My voucher",
  frame: "Voucher of {tenant}",
  show: "Show this at the till",
  qr: "QR code of the voucher",
  barcode: "Barcode of the code",
  code: "Code",
  digits: "Rotating code",
  refreshes: "changes in {seconds} s",
  refreshing: "Refreshing…",
  stale: "No connection: this code is over. It refreshes as soon as you are online.",
  rotating: "The code changes every 30 seconds; a screenshot is worthless.",
  validTo: "Valid until {time}",
  validFrom: "Can be used from {time}",
  forever: "No end date",
  usesLeft: "{count, plural, one {# use left} other {# uses left}}",
  reference: "Voucher",
  timesIn: "Times are in {zone}",
  keep: "Keep it safe: whoever has this page can use the voucher.",
  balance: "Balance",
  ofInitial: "of {amount}",
  movements: "History",
  spent: "Spent",
  returned: "Returned",
  noMovements: "Not used yet",
  notYet: "Not valid yet",
  status: {
    redeemed: "Used",
    expired: "Expired",
    void: "Void",
  },
  statusBody: {
    redeemed:
      "{at, select, none {This voucher has been used.} other {Used on {at}{merchant, select, none {} other { at {merchant}}}.}}",
    expired: "{at, select, none {This voucher is over.} other {It expired on {at}.}}",
    void: "Its issuer has made this voucher void. Please ask the issuer if that surprises you.",
  },
  locked: "Held by an order; it comes back by itself soon.",
  offline: "No connection to the server: this may not be the newest state.",
  missing: {
    title: "There is no such voucher",
    body: "The link may be incomplete or no longer valid. Ask whoever gave it to you for a new one.",
  },
} satisfies Shape<typeof zh>;
