import type { Shape } from "../shape";
import type zh from "../zh-CN/nav";

export default {
  groups: {
    work: "Daily work",
    cards: "Card-keys",
    clearing: "Clearing and settlement",
    people: "Parties and people",
    system: "System",
  },
  overview: "Overview",
  redeem: "Redeem",
  campaigns: "Campaigns",
  vouchers: "Vouchers",
  redemptions: "Redemptions",
  orders: "Orders",
  products: "Card products",
  stock: "Stock",
  suppliers: "Supplier accounts",
  statements: "Statements",
  rules: "Split rules",
  calendar: "Business calendar",
  imports: "Imports",
  parties: "Parties",
  users: "Users",
  apiKeys: "API keys",
  audit: "Audit log",
  jobs: "Background jobs",
  settings: "Platform settings",
  account: "My account",
  apiDocs: "API documentation",
} satisfies Shape<typeof zh>;
