import type { Shape } from "../shape";
import type zh from "../zh-CN/apiKeys";

export default {
  title: "API keys",
} satisfies Shape<typeof zh>;
