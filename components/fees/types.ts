import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/root";

export type FeeScheduleView = inferRouterOutputs<AppRouter>["fees"]["list"][number];
export type FeeVersionView = FeeScheduleView["versions"][number];
