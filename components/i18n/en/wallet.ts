import type { Shape } from "../shape";
import type zh from "../zh-CN/wallet";

export default {
  title: "My voucher",
} satisfies Shape<typeof zh>;
