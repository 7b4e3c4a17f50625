import type { Shape } from "../shape";
import type zh from "../zh-CN/vouchers";

export default {
  title: "Vouchers",
} satisfies Shape<typeof zh>;
