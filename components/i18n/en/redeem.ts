import type { Shape } from "../shape";
import type zh from "../zh-CN/redeem";

export default {
  title: "Redeem",
  description: "Type or scan the code, enter the order amount, check, confirm. Confirming books it.",
  lookupOnly: "Your account can look codes up, but not redeem them.",
  merchant: {
    label: "For which merchant",
    hint: "The money is booked for this merchant.",
    choose: "Choose the merchant first, then enter the code",
  },
  code: {
    label: "Voucher code",
    hint: "The 16 characters, or the 8 digits on the customer's screen",
    placeholder: "XXXX-XXXX-XXXX-XXXX",
    scan: "Scan",
    clear: "Clear the code",
    check: "Check",
    checking: "Checking…",
  },
  amount: {
    label: "Order amount",
    hint: "Before the discount",
  },
  order: {
    label: "Order number",
    hint: "Your own number, to find it again",
  },
  product: { label: "Product bought", choose: "Choose a product" },
  draw: {
    label: "Take from the gift card",
    hint: "Left empty: as much as possible",
  },
  voucher: {
    label: "This voucher",
    gives: "Gives",
    balance: "Balance",
    validTo: "Valid until",
    forever: "No end date",
    usesLeft: "{count, plural, one {# use left} other {# uses left}}",
    products: "Only for: {products}",
  },
  offer: {
    discount: "Discount",
    storedValue: "Paid by gift card",
    payable: "Customer still pays",
    balanceAfter: "Balance afterwards",
    enterAmount: "Enter the order amount to see what it gives",
    calculating: "Calculating…",
  },
  confirm: {
    discount: "Redeem: {amount} off",
    storedValue: "Redeem: take {amount}",
    plain: "Redeem",
    sending: "Redeeming…",
    again: "Poor connection: trying the same request again…",
  },
  unclear: {
    title: "No answer came",
    body: "It may have been redeemed, or not. Try again with the button below: the same request is booked once only, never twice.",
    retry: "Try again (never redeems twice)",
    abandon: "Stop, and look at today's list",
  },
  receipt: {
    title: "Redeemed",
    undone: "Undone",
    undoneBody:
      "The redemption was taken back whole; no money is owed for it. {status, select, issued {The customer can use the voucher again.} void {By the platform's policy the voucher is now void.} other {}}",
    reference: "Reference",
    time: "Time",
    campaign: "Campaign",
    orderRef: "Order number",
    orderAmount: "Order amount",
    merchant: "Merchant",
    merchantDue: "The platform owes you",
    merchantOwes: "You owe the platform",
    nothingDue: "No money moves",
    dueAt: "due from {time}",
    undo: "Undo this redemption",
    undoLeft: "{time} left to undo",
    undoOver: "The time to undo is over. To give it back, ask support for a reversal.",
    undoConfirm: "Undo {reference}?",
    undoText:
      "All of it is taken back: discount {discount}, paid by the customer {paid}. Remember to charge the full price.",
    undoAction: "Undo redemption",
    next: "Next voucher",
    details: "Details",
  },
  recent: {
    title: "Redeemed today",
    empty: "Nothing redeemed today yet",
    all: "All redemptions",
    undo: "Undo",
    discount: "{amount} off",
    drawn: "{amount} by gift card",
  },
  scanner: {
    title: "Scan a code",
    hint: "Hold the QR code or barcode inside the frame",
    starting: "Opening the camera…",
    torch: "Torch",
    switch: "Other camera",
    type: "Type it instead",
    problems: {
      insecure: "Browsers allow the camera on https addresses only. Type the code, or use a barcode scanner.",
      denied: "No permission for the camera. Allow it in the browser's settings, or type the code.",
      none: "This device has no camera that can be used. Type the code, or use a barcode scanner.",
      busy: "Another program is using the camera. Close it and try again, or type the code.",
      decoder: "The decoder could not be loaded. Check the connection and try again, or type the code.",
    },
  },
  refused: {
    label: "Cannot be redeemed",
    nothingMoved: "Nothing was redeemed, no money moved.",
    tryAnother: "Another voucher",
    scanAgain: "Scan again",
    retype: "Type again",
  },
  refusals: {
    VOUCHER_UNKNOWN: {
      title: "Unknown code",
      body: "Check the code; if it is still not found, ask the customer for the original voucher.",
    },
    VOUCHER_MISTYPED: {
      title: "The code is mistyped",
      body: "One or more characters are wrong. Compare them one by one, or scan it.",
    },
    VOUCHER_NOT_YET_VALID: {
      title: "Not valid yet",
      body: "{from, select, none {It can be used within its validity.} other {It can be used from {from}.}}",
    },
    VOUCHER_EXPIRED: {
      title: "Expired",
      body: "{at, select, none {Charge the full price.} other {It expired on {at}. Charge the full price.}}",
    },
    VOUCHER_VOID: {
      title: "Void",
      body: "This voucher cannot be used any more. Charge the full price; support can say why.",
    },
    VOUCHER_REDEEMED: {
      title: "Already used",
      body: "Redeemed{at, select, none {} other { on {at}}}{merchant, select, none {} other { at {merchant}}}{reference, select, none {} other { ({reference})}}. Charge the full price; support settles disputes.",
    },
    VOUCHER_LOCKED: {
      title: "Held by another order",
      body: "{until, select, none {Wait until it is released.} other {Held until {until}. Finish or cancel that order first.}}",
    },
    VOUCHER_WRONG_MERCHANT: {
      title: "Not for this shop",
      body: "{campaign, select, none {Its campaign} other {“{campaign}”}} does not include this shop. The customer sees where it can be used.",
    },
    VOUCHER_WRONG_PRODUCT: {
      title: "Not for this product",
      body: "{products, select, none {Check what is bought.} other {It is for: {products}.}}",
    },
    VOUCHER_BELOW_THRESHOLD: {
      title: "{missing} short",
      body: "The order has to reach {threshold}. Check the amount, or let the customer add something.",
    },
    VOUCHER_DYNAMIC_REQUIRED: {
      title: "Scan the rotating code",
      body: "The fixed code is not accepted. Ask the customer to open the voucher's page, and scan the code that refreshes.",
    },
    VOUCHER_CODE_STALE: {
      title: "The rotating code is over",
      body: "Scan or type the newest one on the customer's screen (it changes every 30 seconds).",
    },
    VOUCHER_CODE_USED: {
      title: "This rotating code was just used",
      body: "Wait until it changes, and scan again.",
    },
    VOUCHER_CODE_AMBIGUOUS: {
      title: "Two of the same digits",
      body: "Two customers show the same 8 digits at this moment. Scan the QR code, or wait until they change.",
    },
    VOUCHER_NOT_STACKABLE: {
      title: "Cannot be combined",
      body: "A voucher of the same group was used on this order. Use it on another order.",
    },
    VOUCHER_BALANCE_TOO_LOW: {
      title: "Not enough balance",
      body: "{balance, select, none {Take less.} other {Balance {balance}. Take less; the customer pays the rest.}}",
    },
    DISCOUNT_EXCEEDS_ORDER: {
      title: "More than the order",
      body: "At most the whole order can be paid with it. Take less.",
    },
    CAMPAIGN_NOT_ACTIVE: {
      title: "Campaign paused",
      body: "It cannot be used for now. Ask the platform's operators.",
    },
    OTHER: { title: "Not redeemed", body: "" },
  },
} satisfies Shape<typeof zh>;
