import type { Shape } from "../shape";
import type zh from "../zh-CN/settings";

export default {
  title: "Platform settings",
} satisfies Shape<typeof zh>;
