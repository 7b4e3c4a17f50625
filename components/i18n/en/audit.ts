import type { Shape } from "../shape";
import type zh from "../zh-CN/audit";

export default {
  title: "Audit log",
} satisfies Shape<typeof zh>;
