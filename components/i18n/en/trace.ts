import type { Shape } from "../shape";
import type zh from "../zh-CN/trace";

export default {
  title: "How this number was made",
} satisfies Shape<typeof zh>;
