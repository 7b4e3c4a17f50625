import type { Shape } from "../shape";
import type zh from "../zh-CN/overview";

export default {
  title: "Overview",
} satisfies Shape<typeof zh>;
