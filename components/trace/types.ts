import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/root";

export type Explanation = inferRouterOutputs<AppRouter>["trades"]["explain"];
export type Trace = NonNullable<Explanation["trace"]>;
export type TraceLeg = Trace["legs"][number];
export type FundingPart = Trace["funding"][number];
export type Transfer = Explanation["transfers"][number];
export type Movement = Explanation["fees"][number];
