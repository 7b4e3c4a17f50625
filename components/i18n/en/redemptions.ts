import type { Shape } from "../shape";
import type zh from "../zh-CN/redemptions";

export default {
  title: "Redemptions",
} satisfies Shape<typeof zh>;
