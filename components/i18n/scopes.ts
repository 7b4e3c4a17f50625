import type { Messages } from "./messages";

/**
 * Which texts travel to the browser with a page. The portal takes all; a voucher holder's phone takes what the
 * public pages say, and the frame around every page only what it says when something fails.
 */
export function publicMessages({ common, errors, auth, wallet, store, vouchers }: Messages) {
  const { terms, types, status } = vouchers;
  return { common, errors, auth, wallet, store, vouchers: { terms, types, status } };
}

export function frameMessages({ common }: Messages) {
  const { product, actions, errorPage, notFound } = common;
  return { common: { product, actions, errorPage, notFound } };
}
