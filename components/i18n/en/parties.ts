import type { Shape } from "../shape";
import type zh from "../zh-CN/parties";

export default {
  title: "Parties",
} satisfies Shape<typeof zh>;
