import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/root";

export type OwnTermsView = inferRouterOutputs<AppRouter>["rules"]["terms"];
export type OwnRuleView = OwnTermsView["rules"][number];
export type TriedTermsView = inferRouterOutputs<AppRouter>["rules"]["tryTerms"];
