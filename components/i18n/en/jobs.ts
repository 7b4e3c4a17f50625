import type { Shape } from "../shape";
import type zh from "../zh-CN/jobs";

export default {
  title: "Background jobs",
} satisfies Shape<typeof zh>;
