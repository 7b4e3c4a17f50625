import type { Shape } from "../shape";
import type zh from "../zh-CN/account";

export default {
  title: "My account",
} satisfies Shape<typeof zh>;
