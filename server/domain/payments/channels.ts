import { and, eq } from "drizzle-orm";
import { paymentChannels } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newToken, seal } from "@/server/core/secrets";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { createParty, getParty, updateParty } from "../parties";
import { type ChannelRow, channelRow } from "./channel-row";
import { secretPlace } from "./port-of";
import {
  type CreateChannelInput,
  createChannelInput,
  setChannelEnabledInput,
  type UpdateChannelInput,
  updateChannelInput,
} from "./schemas";

/** A channel with its party. Its secret is sealed at once and never shown. */
export async function createChannel(
  ctx: Ctx,
  input: CreateChannelInput,
): Promise<{ id: string; number: string }> {
  requirePermission(ctx, "channel:write");
  const fields = createChannelInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const { id, number } = await createParty(ctx, { kind: "channel", ...partyFields(fields) });
    const now = ctx.clock.now();
    const { secret = newToken(), ...account } = fields.account ?? ownAccount(id);
    await ctx.tx.insert(paymentChannels).values({
      tenantId: ctx.tenant.id,
      partyId: id,
      provider: "sandbox",
      ...usage(fields),
      ...account,
      secretSealed: seal("channel.secret", secret, secretPlace(ctx, id)),
      createdAt: now,
      updatedAt: now,
    });
    await record(ctx, {
      action: "channel.created",
      subject: { kind: "channel", id },
      partyId: id,
      data: { number, name: fields.name, provider: "sandbox", ...usage(fields), ...account },
    });
    return { id, number };
  });
}

/** @throws DomainError NOT_FOUND, also for the wallet, which has nothing to set · CONFLICT */
export async function updateChannel(ctx: Ctx, input: UpdateChannelInput): Promise<void> {
  requirePermission(ctx, "channel:write");
  const { id, version, ...fields } = updateChannelInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const row = await lockChannel(ctx, id);
    if (version && version.getTime() !== new Date(row.updated_at).getTime())
      throw new DomainError("CONFLICT", { noun: "channel" });
    const { externalId, locale, contact } = await getParty(ctx, { id });
    await updateParty(ctx, { id, externalId, locale, contact, ...partyFields(fields) });
    const { secret, ...account } = accountAfter(row, fields.account);
    const before = {
      enabled: row.enabled,
      feeMin: row.fee_min,
      feeMax: row.fee_max,
      feeBearer: row.fee_bearer,
      minAmount: row.min_amount,
      maxAmount: row.max_amount,
      endpoint: row.endpoint,
      merchantNo: row.merchant_no,
    };
    await ctx.tx
      .update(paymentChannels)
      .set({
        ...usage(fields),
        ...account,
        ...(secret && { secretSealed: seal("channel.secret", secret, secretPlace(ctx, id)) }),
        updatedAt: laterThan(new Date(row.updated_at), ctx),
      })
      .where(and(eq(paymentChannels.tenantId, ctx.tenant.id), eq(paymentChannels.partyId, id)));
    await record(ctx, {
      action: "channel.updated",
      subject: { kind: "channel", id },
      partyId: id,
      data: { before, after: { ...usage(fields), ...account }, secretReplaced: secret !== undefined },
    });
  });
}

/** Switched off, it takes no new payments; what was paid there is still asked for and given back. */
export async function setChannelEnabled(ctx: Ctx, input: { id: string; enabled: boolean }): Promise<void> {
  requirePermission(ctx, "channel:write");
  const { id, enabled } = setChannelEnabledInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const row = await lockChannel(ctx, id);
    if (row.enabled === enabled) return;
    await ctx.tx
      .update(paymentChannels)
      .set({ enabled, updatedAt: laterThan(new Date(row.updated_at), ctx) })
      .where(and(eq(paymentChannels.tenantId, ctx.tenant.id), eq(paymentChannels.partyId, id)));
    await record(ctx, {
      action: enabled ? "channel.switched_on" : "channel.switched_off",
      subject: { kind: "channel", id },
      partyId: id,
      data: { name: row.name },
    });
  });
}

// ── helpers ──

type Fields = Omit<ReturnType<typeof createChannelInput.parse>, never>;

function partyFields(fields: Fields) {
  return {
    name: fields.name,
    cycle: fields.cycle,
    channelFeeRate: fields.feeRate,
    channelRefundsFee: fields.refundsFee,
  };
}

function usage({ enabled, feeMin, feeMax, feeBearer, minAmount, maxAmount }: Fields) {
  return { enabled, feeMin, feeMax, feeBearer, minAmount, maxAmount };
}

interface Account {
  endpoint: string | null;
  merchantNo: string;
  secret?: string;
}

/** At the service that comes with Kaqing. */
function ownAccount(channelId: string): Account {
  return { endpoint: null, merchantNo: `kq-${channelId}` };
}

/** A change of account needs its secret: the old one would be told to whoever the new address belongs to. */
function accountAfter(row: ChannelRow, account: Fields["account"]): Account {
  if (account === null) {
    if (row.endpoint === null && row.merchant_no) return { endpoint: null, merchantNo: row.merchant_no };
    return { ...ownAccount(row.id), secret: newToken() };
  }
  const same = account.endpoint === row.endpoint && account.merchantNo === row.merchant_no;
  if (!same && account.secret === undefined)
    throw new DomainError("INPUT_INVALID", { path: "account.secret" });
  return account;
}

async function lockChannel(ctx: TxCtx, id: string): Promise<ChannelRow> {
  await ctx.tx
    .select({ id: paymentChannels.partyId })
    .from(paymentChannels)
    .where(and(eq(paymentChannels.tenantId, ctx.tenant.id), eq(paymentChannels.partyId, id)))
    .for("update");
  const row = await channelRow(ctx, id);
  if (row.provider === "wallet") throw new DomainError("NOT_FOUND", { noun: "channel" });
  return row;
}

/** Versions of a record are told apart even within a millisecond. */
function laterThan(before: Date, ctx: Ctx): Date {
  return new Date(Math.max(ctx.clock.now().getTime(), before.getTime() + 1));
}
