import type { Shape } from "../shape";
import type zh from "../zh-CN/imports";

export default {
  title: "Imports",
} satisfies Shape<typeof zh>;
