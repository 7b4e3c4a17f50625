import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/root";

export type RuleView = inferRouterOutputs<AppRouter>["rules"]["list"][number];
export type RuleVersionView = RuleView["versions"][number];
