import type { AccountRef } from "@/server/domain/ledger";
import type { FeeRole } from "./schemas";

/** Who a fee concerns, and which way it goes. */
export interface FeeSide {
  role: FeeRole;
  partyId: string;
  /** The party pays it; false: it is paid it. */
  pays: boolean;
}

/**
 * The accounts between which a month's fee is corrected, outside its trades: the party's own, and the platform's
 * result that the fee made or cost. `more`: the fee becomes larger.
 */
export function adjustmentAccounts(
  platform: string,
  { role, partyId, pays }: FeeSide,
  more: boolean,
): { debit: AccountRef; credit: AccountRef } {
  const party: AccountRef = { partyId, kind: role === "channel" ? "channel_receivable" : "payable" };
  const house: AccountRef =
    role === "channel"
      ? { partyId: platform, kind: "channel_fee", ref: partyId }
      : {
          partyId: platform,
          kind: pays ? "commission_revenue" : role === "distributor" ? "margin" : "marketing_expense",
        };
  // A channel keeps its fee from what it owes; whoever pays a fee is debited, whoever is paid one credited.
  return pays === more ? { debit: party, credit: house } : { debit: house, credit: party };
}
