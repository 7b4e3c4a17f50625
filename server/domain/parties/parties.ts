import { and, eq } from "drizzle-orm";
import { rawSql, type Tx } from "@/db/client";
import { parties } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import type { PartyKind } from "@/server/core/permissions";
import { open, seal } from "@/server/core/secrets";
import { withTransaction } from "@/server/core/transaction";
import { record } from "@/server/domain/audit";
import { changesBetween } from "./changes";
import {
  createPartyInput,
  partyIdInput,
  setBankAccountInput,
  setPartyStatusInput,
  updatePartyInput,
} from "./schemas";
import { endSessionsOf } from "./sessions";
import { nextNumber } from "./tenant";

export const NUMBER_PREFIX: Record<PartyKind, string> = {
  platform: "P",
  merchant: "M",
  brand: "B",
  distributor: "D",
  supplier: "S",
  channel: "CH",
};

/** Throws EXTERNAL_ID_TAKEN: an external id names one party of its kind, which makes the call safe to repeat. */
export async function createParty(ctx: Ctx, input: unknown): Promise<{ id: string; number: string }> {
  requirePermission(ctx, "party:write");
  const { kind, ...fields } = createPartyInput.parse(input);
  const id = newId();
  const now = ctx.clock.now();
  return withTransaction(ctx, async (ctx) => {
    await requireFreeExternalId(ctx, kind, fields.externalId, id);
    const [number = ""] = await nextNumber(ctx, `party.${kind}`, NUMBER_PREFIX[kind]);
    const values = { ...fields, ...channelFields(kind, fields) };
    const inserted = await ctx.tx
      .insert(parties)
      .values({ tenantId: ctx.tenant.id, id, number, kind, ...values, createdAt: now, updatedAt: now })
      .onConflictDoNothing({ target: [parties.tenantId, parties.kind, parties.externalId] })
      .returning({ id: parties.id });
    if (inserted.length === 0) throw new DomainError("EXTERNAL_ID_TAKEN", { externalId: fields.externalId });
    await record(ctx, {
      action: "party.created",
      subject: { kind: "party", id },
      partyId: id,
      data: { number, kind, ...values },
    });
    return { id, number };
  });
}

/** Throws CONFLICT if `version` is given and somebody changed the party since. */
export async function updateParty(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "party:write");
  const { id, version, ...fields } = updatePartyInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const party = await lockParty(ctx, id);
    if (version && version.getTime() !== party.updatedAt.getTime())
      throw new DomainError("CONFLICT", { noun: "party" });
    const values = { ...fields, ...channelFields(party.kind, fields) };
    const changes = changesBetween(party, values);
    if (!changes) return;
    await requireFreeExternalId(ctx, party.kind, fields.externalId, id);
    await ctx.tx
      .update(parties)
      .set({ ...values, updatedAt: laterThan(party.updatedAt, ctx) })
      .where(one(ctx, id));
    await record(ctx, {
      action: "party.updated",
      subject: { kind: "party", id },
      partyId: id,
      data: changes,
    });
  });
}

/**
 * A suspended party's people and keys are shut out at once; what it is owed is cleared and settled all the same.
 * The platform's own party cannot be suspended.
 */
export async function setPartyStatus(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "party:write");
  const { id, status } = setPartyStatusInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const party = await lockParty(ctx, id);
    if (party.status === status) return;
    if (party.kind === "platform") throw new DomainError("LAST_OPERATOR");
    await ctx.tx
      .update(parties)
      .set({ status, updatedAt: laterThan(party.updatedAt, ctx) })
      .where(one(ctx, id));
    if (status === "suspended") {
      const people = await rawSql(ctx.tx)<{ id: string }[]>`
        select id from users where tenant_id = ${ctx.tenant.id} and party_id = ${id} order by id`;
      for (const { id: userId } of people) await endSessionsOf(ctx, userId);
    }
    await record(ctx, {
      action: status === "suspended" ? "party.suspended" : "party.activated",
      subject: { kind: "party", id },
      partyId: id,
      data: { number: party.number },
    });
  });
}

/** Where the party is paid. Kept sealed; the audit log and the screens know its last four characters. */
export async function setBankAccount(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "party:write");
  const { partyId: id, bankName, holder, number } = setBankAccountInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const party = await lockParty(ctx, id);
    const tail = number.slice(-4);
    const same =
      party.bankName === bankName &&
      party.bankAccountHolder === holder &&
      party.bankAccountSealed !== null &&
      open("bank_account", party.bankAccountSealed, bankPlace(ctx, id)).toString() === number;
    if (same) return;
    await ctx.tx
      .update(parties)
      .set({
        bankName,
        bankAccountHolder: holder,
        bankAccountSealed: seal("bank_account", number, bankPlace(ctx, id)),
        bankAccountTail: tail,
        updatedAt: laterThan(party.updatedAt, ctx),
      })
      .where(one(ctx, id));
    await record(ctx, {
      action: "party.bank_account_set",
      subject: { kind: "party", id },
      partyId: id,
      data: {
        bankName: { from: party.bankName, to: bankName },
        holder: { from: party.bankAccountHolder, to: holder },
        tail: { from: party.bankAccountTail, to: tail },
      },
    });
  });
}

/** The whole number. Each reading is audited. */
export async function readBankAccount(
  ctx: Ctx,
  input: unknown,
): Promise<{ bankName: string | null; holder: string | null; number: string }> {
  requirePermission(ctx, "party:read_bank_account");
  const { id } = partyIdInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const [party] = await ctx.tx.select().from(parties).where(one(ctx, id));
    if (!party) throw new DomainError("NOT_FOUND", { noun: "party" });
    if (!party.bankAccountSealed) throw new DomainError("NOT_FOUND", { noun: "bankAccount" });
    const number = open("bank_account", party.bankAccountSealed, bankPlace(ctx, id)).toString();
    await record(ctx, {
      action: "party.bank_account_read",
      subject: { kind: "party", id },
      partyId: id,
      data: { tail: party.bankAccountTail },
    });
    return { bankName: party.bankName, holder: party.bankAccountHolder, number };
  });
}

// ── helpers ──

function one(ctx: Ctx, id: string) {
  return and(eq(parties.tenantId, ctx.tenant.id), eq(parties.id, id));
}

async function lockParty(ctx: TxCtx, id: string) {
  const [party] = await ctx.tx.select().from(parties).where(one(ctx, id)).for("update");
  if (!party) throw new DomainError("NOT_FOUND", { noun: "party" });
  return party;
}

function bankPlace(ctx: Ctx, partyId: string): string {
  return `${ctx.tenant.id}/${partyId}`;
}

/** Versions of a record are told apart even within a millisecond. */
function laterThan(before: Date, ctx: Ctx): Date {
  return new Date(Math.max(ctx.clock.now().getTime(), before.getTime() + 1));
}

function channelFields(
  kind: PartyKind,
  fields: { channelFeeRate: string | null; channelRefundsFee: boolean },
): { channelFeeRate: string | null; channelRefundsFee: boolean } {
  if (kind !== "channel") return { channelFeeRate: null, channelRefundsFee: false };
  return { channelFeeRate: fields.channelFeeRate, channelRefundsFee: fields.channelRefundsFee };
}

/** For a clear answer; the table's unique key decides. */
async function requireFreeExternalId(
  ctx: { tx: Tx; tenant: { id: string } },
  kind: PartyKind,
  externalId: string | null,
  id: string,
): Promise<void> {
  if (externalId === null) return;
  const [other] = await ctx.tx
    .select({ id: parties.id })
    .from(parties)
    .where(
      and(eq(parties.tenantId, ctx.tenant.id), eq(parties.kind, kind), eq(parties.externalId, externalId)),
    );
  if (other && other.id !== id) throw new DomainError("EXTERNAL_ID_TAKEN", { externalId });
}
