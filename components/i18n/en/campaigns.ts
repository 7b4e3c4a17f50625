import type { Shape } from "../shape";
import type zh from "../zh-CN/campaigns";

export default {
  title: "Campaigns",
} satisfies Shape<typeof zh>;
