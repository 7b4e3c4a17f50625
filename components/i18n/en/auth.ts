import type { Shape } from "../shape";
import type zh from "../zh-CN/auth";

export default {
  title: "Sign in",
} satisfies Shape<typeof zh>;
