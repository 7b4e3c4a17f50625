import type { Shape } from "../shape";
import type zh from "../zh-CN/statements";

export default {
  title: "Statements",
} satisfies Shape<typeof zh>;
