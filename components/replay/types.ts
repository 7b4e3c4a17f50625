import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/root";

type Outputs = inferRouterOutputs<AppRouter>["replays"];
export type ReplayHead = Outputs["list"][number];
export type ReplayDetail = Outputs["get"];
export type ReplayParty = Outputs["parties"]["items"][number];
export type ReplayTrade = Outputs["trades"]["items"][number];
export type ReplayedTrade = Outputs["trade"];

/** What a replay tries a change of. */
export interface ReplaySubject {
  kind: "rule" | "fee";
  id: string;
}
export const subjectHref = (subject: "rule" | "fee", id: string) =>
  `/${subject === "rule" ? "rules" : "fees"}/${id}`;
