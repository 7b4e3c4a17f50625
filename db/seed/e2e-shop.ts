/** What the browser tests of card-keys stand on. Numbers of keys tell the tests what they may expect to read. */
export const E2E_SHOP = {
  slug: "lianzhong",
  title: "联众卡券小店",
  /** Sold in the shop and in the portal. */
  card: { name: "测试音乐会员月卡", numbers: "88000" },
  /** Sold in the portal alone; its commission is graduated: 1 % of the month's first 10.00, 2 % beyond. */
  graduated: { name: "测试阶梯流量卡", numbers: "88100" },
  /** Listed, but there is none. */
  soldOut: { name: "测试视频会员年卡" },
} as const;
