import type { Shape } from "../shape";
import type zh from "../zh-CN/rules";

export default {
  title: "Split rules",
} satisfies Shape<typeof zh>;
