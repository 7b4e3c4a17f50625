import { rateParts, roundDiv } from "@/server/core/money";
import type { VoucherTerms } from "./terms-schemas";

/** What a voucher gives on an order. Pure; amounts in minor units of the campaign's currency. */

export interface OrderLine {
  productCode: string;
  /** Price of the whole line. */
  amount: bigint;
  /** Pieces in the line; 1 by default. */
  quantity?: number;
}
export interface Order {
  /** Worth before any discount, more than zero. */
  amount: bigint;
  lines?: readonly OrderLine[];
  /** What is bought, where there are no lines: the order is one piece of it. */
  productCode?: string | null;
}
/** Of a gift card. */
export interface Draw {
  balance: bigint;
  /** How much of it to use; as much as the order takes by default. */
  use?: bigint | null;
}

export type Given =
  | {
      ok: true;
      /** Borne by the funders; 0 ≤ discount ≤ order. */
      discount: bigint;
      /** Taken from a gift card's balance. discount + storedValue ≤ order. */
      storedValue: bigint;
      /** What is left for the customer to pay. */
      paid: bigint;
    }
  | Refusal;

/** Why it gives nothing: a code of `DomainError` with its parameters. */
export type Refusal =
  | { ok: false; code: "VOUCHER_BELOW_THRESHOLD"; params: { threshold: string; missing: string } }
  | { ok: false; code: "VOUCHER_WRONG_PRODUCT"; params: { products: string } }
  | { ok: false; code: "VOUCHER_BALANCE_TOO_LOW"; params: { balance: string; asked: string } }
  | { ok: false; code: "DISCOUNT_EXCEEDS_ORDER"; params: { discount: string; order: string } };

export function discountFor(terms: VoucherTerms, order: Order, draw?: Draw): Given {
  const { amount } = order;
  switch (terms.type) {
    case "fixed":
      return off(order, BigInt(terms.amount));
    case "threshold": {
      const threshold = BigInt(terms.threshold);
      if (amount < threshold) return below(threshold, amount);
      const times = terms.every ? amount / threshold : 1n;
      return off(order, atMost(BigInt(terms.amount) * times, terms.ceiling));
    }
    case "percent": {
      const minimum = BigInt(terms.minimum ?? "0");
      if (amount < minimum) return below(minimum, amount);
      const { numerator, denominator } = rateParts(terms.off);
      return off(order, atMost(roundDiv(amount * numerator, denominator, terms.rounding), terms.ceiling));
    }
    case "exchange": {
      const price = dearestPiece(terms.productCodes, order);
      return price === null
        ? { ok: false, code: "VOUCHER_WRONG_PRODUCT", params: { products: terms.productCodes.join(", ") } }
        : off(order, atMost(price, terms.ceiling));
    }
    case "gift_card":
      return drawn(order, draw?.balance ?? 0n, draw?.use ?? null);
  }
}

function off({ amount }: Order, discount: bigint): Given {
  const bounded = discount < amount ? discount : amount;
  return { ok: true, discount: bounded, storedValue: 0n, paid: amount - bounded };
}

function atMost(amount: bigint, ceiling: string | undefined): bigint {
  if (ceiling === undefined) return amount;
  const bound = BigInt(ceiling);
  return amount < bound ? amount : bound;
}

function below(threshold: bigint, amount: bigint): Refusal {
  return {
    ok: false,
    code: "VOUCHER_BELOW_THRESHOLD",
    params: { threshold: `${threshold}`, missing: `${threshold - amount}` },
  };
}

/** Price of one piece, in favour of the holder where several are bought; a fraction of a unit is not given. */
function dearestPiece(productCodes: readonly string[], order: Order): bigint | null {
  const lines: readonly OrderLine[] =
    order.lines && order.lines.length > 0
      ? order.lines
      : order.productCode
        ? [{ productCode: order.productCode, amount: order.amount }]
        : [];
  let dearest: bigint | null = null;
  for (const { productCode, amount, quantity } of lines) {
    if (!productCodes.includes(productCode)) continue;
    const piece = amount / BigInt(quantity ?? 1);
    if (dearest === null || piece > dearest) dearest = piece;
  }
  return dearest;
}

function drawn({ amount }: Order, balance: bigint, use: bigint | null): Given {
  const asked = use ?? (balance < amount ? balance : amount);
  if (balance <= 0n || asked > balance) {
    return {
      ok: false,
      code: "VOUCHER_BALANCE_TOO_LOW",
      params: { balance: `${balance}`, asked: `${use ?? amount}` },
    };
  }
  if (asked > amount) {
    return {
      ok: false,
      code: "DISCOUNT_EXCEEDS_ORDER",
      params: { discount: `${asked}`, order: `${amount}` },
    };
  }
  return { ok: true, discount: 0n, storedValue: asked, paid: amount - asked };
}
