import type { Shape } from "../shape";
import type zh from "../zh-CN/users";

export default {
  title: "Users",
} satisfies Shape<typeof zh>;
