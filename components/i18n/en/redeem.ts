import type { Shape } from "../shape";
import type zh from "../zh-CN/redeem";

export default {
  title: "Redeem",
} satisfies Shape<typeof zh>;
