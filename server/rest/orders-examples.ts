/** What the document shows of orders. The ids are of nobody. */
const PRODUCT = "01940000-0000-7000-8000-0000000000d1";
const ORDER = "01940000-0000-7000-8000-0000000000e1";
const LINE = "01940000-0000-7000-8000-0000000000e2";
const DELIVERY = "01940000-0000-7000-8000-0000000000f1";
const AT = "2026-11-21T04:30:00.000Z";

export const product = {
  productId: PRODUCT,
  number: "P-0001",
  name: "Steam 100",
  description: "自动发货，即买即用",
  face: 10_000,
  currency: "CNY",
  price: 9_850,
  inStock: true,
  maxPerOrder: 100,
};
export const productPage = { items: [product], nextCursor: null };

export const createOrderRequest = {
  lines: [{ productId: PRODUCT, quantity: 1 }],
  externalRef: "SO-20261121-17",
  payFromWallet: true,
};
const row = {
  orderId: ORDER,
  reference: "ORD-1KQX-7M2P-9TAB",
  source: "api",
  state: "delivered",
  flag: null,
  currency: "CNY",
  total: 9_850,
  refunded: 0,
  externalRef: "SO-20261121-17",
  quantity: 1,
  delivered: 1,
  createdAt: AT,
  expiresAt: "2026-11-21T04:45:00.000Z",
  paidAt: AT,
  deliveredAt: AT,
};
export const orderPage = { items: [row], nextCursor: null };
export const order = {
  ...row,
  pickupKey: null,
  lines: [
    {
      lineId: LINE,
      productId: PRODUCT,
      productName: "Steam 100",
      quantity: 1,
      price: 9_850,
      delivered: 1,
      refunded: 0,
    },
  ],
  cards: [
    {
      deliveryId: DELIVERY,
      lineId: LINE,
      tail: "4471",
      state: "delivered",
      replacesId: null,
      deliveredAt: AT,
      revealedAt: null,
      report: null,
    },
  ],
};
export const revealRequest = { deliveryId: DELIVERY };
export const revealed = {
  cards: [
    {
      deliveryId: DELIVERY,
      lineId: LINE,
      productId: PRODUCT,
      number: "8800123400004471",
      secret: "K7QM-2XPA-91TD",
      expiresAt: null,
    },
  ],
};
export const reportRequest = { deliveryId: DELIVERY, reason: "The issuer says: already used" };
export const reported = { deliveryId: DELIVERY, outcome: "open", replacementId: null };
