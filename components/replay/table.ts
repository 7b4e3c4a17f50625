import { anyText, defineTable, oneOf } from "@/components/data-table/definition";
import { REPLAY_PARTY_SORTS } from "@/server/domain/clearing/replay-schemas";

export const REPLAY_KINDS = ["platform", "merchant", "brand", "distributor", "supplier", "channel"] as const;

export const replayPartiesTable = defineTable({
  id: "replay-parties",
  filters: { kind: oneOf(REPLAY_KINDS), currency: anyText() },
  sorts: REPLAY_PARTY_SORTS,
  defaultSort: { by: "difference", direction: "asc" },
  pageSize: 20,
});

export function replayPartiesInput(
  replayId: string,
  { q, sort, direction, cursor, limit, filters }: ReturnType<typeof replayPartiesTable.load>,
) {
  return { replayId, q, sort, direction, cursor, limit, ...filters };
}

export const replayTradesTable = defineTable({
  id: "replay-trades",
  filters: { partyId: anyText() },
  pageSize: 20,
});

export function replayTradesInput(
  replayId: string,
  { cursor, limit, filters }: ReturnType<typeof replayTradesTable.load>,
) {
  return { replayId, cursor, limit, partyId: filters.partyId };
}
