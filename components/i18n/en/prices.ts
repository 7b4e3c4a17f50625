import type { Shape } from "../shape";
import type zh from "../zh-CN/prices";

export default {
  title: "Price list",
  description:
    "What each product costs each tier. Empty: not sold to that tier; orders that were made keep their price.",
  ownTitle: "Your prices",
  ownDescription: "What products cost you, by your tier.",
  search: "Search by product number or name",
  product: "Product",
  number: "Number",
  face: "Face value",
  cost: "Latest cost",
  price: "Price",
  status: "Status",
  statuses: { draft: "Draft", on_sale: "On sale", off_sale: "Off sale" },
  priceOf: "Price of {product} for {tier}",
  belowCost: "Below the latest cost, {cost}",
  changed: "{count, plural, one {# change is not saved} other {# changes are not saved}}",
  save: "Save prices",
  discard: "Discard changes",
  saved: "{count, plural, one {# price is saved} other {# prices are saved}}",
  wrong: "An amount cannot be read. Correct it first.",
  noTiers: {
    title: "No tiers yet",
    description: "Prices are set by tier; create one first.",
    action: "Create a tier",
  },
  empty: { title: "No products yet", description: "Create a card product first, then price it." },
  ownEmpty: {
    title: "Nothing to buy yet",
    description: "Products stand here once the platform has priced them for your tier.",
  },
} satisfies Shape<typeof zh>;
