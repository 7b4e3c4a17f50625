import type { ErrorCode } from "@/server/core/errors";
import { withIdempotency } from "@/server/core/idempotency";
import { isId } from "@/server/core/ids";
import {
  getRedemption,
  issueVoucher,
  issueVouchers,
  listCampaigns,
  listRedemptions,
  lockVoucher,
  lookUpVoucher,
  redeemBatch,
  redeemVoucher,
  reverseRedemption,
  unlockVoucher,
  voidVouchers,
} from "../domain/vouchers";
import * as example from "./examples";
import { type Operation, operation } from "./operation";
import { orderOperations } from "./orders";
import {
  presentCampaign,
  presentDetail,
  presentIssued,
  presentOffer,
  presentReceipt,
  presentRedemption,
  presentReversal,
  presentVoided,
  presentVoucher,
} from "./present";
import * as schema from "./schemas";

/**
 * The public API: one entry an operation. Routing, checks, idempotency and the OpenAPI document are made from it.
 * A code is a bearer secret: it stands in bodies, never in addresses, which logs and proxies keep.
 */

const SUBJECT: ErrorCode[] = [
  "VOUCHER_UNKNOWN",
  "VOUCHER_MISTYPED",
  "VOUCHER_DYNAMIC_REQUIRED",
  "VOUCHER_CODE_STALE",
];
const USABLE: ErrorCode[] = [
  "VOUCHER_NOT_YET_VALID",
  "VOUCHER_EXPIRED",
  "VOUCHER_VOID",
  "VOUCHER_REDEEMED",
  "VOUCHER_LOCKED",
  "VOUCHER_WRONG_MERCHANT",
  "CAMPAIGN_NOT_ACTIVE",
];
const REDEEMABLE: ErrorCode[] = [
  ...USABLE,
  "VOUCHER_NOT_LOCKED",
  "VOUCHER_WRONG_PRODUCT",
  "VOUCHER_BELOW_THRESHOLD",
  "VOUCHER_BALANCE_TOO_LOW",
  "VOUCHER_CODE_USED",
  "DISCOUNT_EXCEEDS_ORDER",
  "CURRENCY_MISMATCH",
  "RULE_NOT_FOUND",
  "CLOCK_SKEW",
];
const ISSUABLE: ErrorCode[] = [
  "CAMPAIGN_NOT_ACTIVE",
  "CAMPAIGN_OUTSIDE_ISSUE_WINDOW",
  "CAMPAIGN_QUOTA_EXHAUSTED",
  "CUSTOMER_LIMIT_REACHED",
  "CUSTOMER_NOT_IN_AUDIENCE",
  "CUSTOMER_REQUIRED",
];

const BATCH_LIMIT = 2 * 1024 * 1024;

export const operations: readonly Operation[] = [
  operation({
    id: "issueVoucher",
    method: "POST",
    path: "/vouchers",
    tag: "Vouchers",
    scope: "vouchers:issue",
    summary: { en: "Issue a voucher", zh: "发放一张券" },
    description: {
      en: "Issues one voucher of a campaign. With a `sourceId`, asking again answers the same voucher.",
      zh: "发放某个活动的一张券。带 `sourceId` 时，重复请求得到同一张券。",
    },
    body: schema.issueBody,
    example: example.issueRequest,
    idempotent: true,
    reply: {
      status: 201,
      description: { en: "The voucher with its code.", zh: "券及其券码。" },
      schema: schema.issuedVoucher,
      example: example.issued,
    },
    errors: ["NOT_FOUND", ...ISSUABLE],
    async handle({ ctx, body, idempotencyKey }) {
      const { result, replayed } = await withIdempotency(
        ctx,
        { key: idempotencyKey, verb: "issueVoucher", input: body },
        (ctx) => issueVoucher(ctx, body),
      );
      return { status: 201, body: presentIssued(result), replayed };
    },
  }),

  operation({
    id: "issueVouchers",
    method: "POST",
    path: "/vouchers/batch",
    tag: "Vouchers",
    scope: "vouchers:issue",
    summary: { en: "Issue up to 1,000 vouchers", zh: "批量发券（最多 1,000 张）" },
    description: {
      en: "All or none: if the quota does not hold them all, none is issued. The answer keeps the order of the items.",
      zh: "全部成功或全部不发：额度不足时一张也不发。返回顺序与请求一致。",
    },
    body: schema.issueBatchBody,
    bodyLimit: BATCH_LIMIT,
    example: example.issueBatchRequest,
    idempotent: true,
    reply: {
      status: 201,
      description: { en: "The vouchers with their codes.", zh: "各券及其券码。" },
      schema: schema.issuedVouchers,
      example: example.issuedBatch,
    },
    errors: ["NOT_FOUND", ...ISSUABLE],
    async handle({ ctx, body, idempotencyKey }) {
      const { result, replayed } = await withIdempotency(
        ctx,
        { key: idempotencyKey, verb: "issueVouchers", input: body },
        (ctx) => issueVouchers(ctx, body),
      );
      return { status: 201, body: { vouchers: result.map(presentIssued) }, replayed };
    },
  }),

  operation({
    id: "lookUpVoucher",
    method: "POST",
    path: "/vouchers/lookup",
    tag: "Vouchers",
    scope: "vouchers:read",
    summary: { en: "Look a voucher up", zh: "查询券" },
    description: {
      en: "State, validity and balance of a voucher by its code. A POST, because a code is a secret and addresses are logged.",
      zh: "按券码查询状态、有效期和余额。券码是凭证，地址会被记录，因此使用 POST。",
    },
    body: schema.lookupBody,
    example: example.lookupRequest,
    idempotent: false,
    reply: {
      status: 200,
      description: { en: "The voucher.", zh: "券信息。" },
      schema: schema.voucher,
      example: example.voucher,
    },
    errors: SUBJECT,
    async handle({ ctx, body }) {
      return { status: 200, body: presentVoucher(await lookUpVoucher(ctx, body)) };
    },
  }),

  operation({
    id: "validateVoucher",
    method: "POST",
    path: "/vouchers/validate",
    tag: "Vouchers",
    scope: "vouchers:read",
    summary: { en: "Ask what a voucher gives on an order", zh: "试算：券在某订单上的优惠" },
    description: {
      en: "Checks everything that redeeming would check and changes nothing. `valid: false` comes with the refusal.",
      zh: "做核销的全部检查而不改变任何东西。`valid: false` 时附拒绝原因。",
    },
    body: schema.validateBody,
    example: example.validateRequest,
    idempotent: false,
    reply: {
      status: 200,
      description: { en: "What it gives, or why it would be refused.", zh: "优惠金额，或拒绝原因。" },
      schema: schema.validation,
      example: example.validation,
    },
    errors: SUBJECT,
    async handle({ ctx, body, refusal }) {
      const found = await lookUpVoucher(ctx, body);
      return {
        status: 200,
        body: {
          ...presentVoucher(found),
          valid: found.refusal === null && found.offer !== null,
          offer: found.offer && presentOffer(found.offer),
          refusal: found.refusal && refusal(found.refusal.code, found.refusal.params),
        },
      };
    },
  }),

  operation({
    id: "lockVoucher",
    method: "POST",
    path: "/vouchers/lock",
    tag: "Vouchers",
    scope: "vouchers:redeem",
    summary: { en: "Lock a voucher at checkout", zh: "结算时锁定券" },
    description: {
      en: "Holds it for one checkout: until it runs out, only who names `lockRef` can redeem it. Locking again prolongs.",
      zh: "为一次结算保留：到期前只有持有 `lockRef` 的一方能核销。再次锁定即延长。",
    },
    body: schema.lockBody,
    example: example.lockRequest,
    idempotent: true,
    reply: {
      status: 200,
      description: { en: "The lock.", zh: "锁定信息。" },
      schema: schema.lock,
      example: example.lock,
    },
    errors: [...SUBJECT, ...USABLE],
    async handle({ ctx, body, idempotencyKey }) {
      const { result, replayed } = await withIdempotency(
        ctx,
        { key: idempotencyKey, verb: "lockVoucher", input: body },
        (ctx) => lockVoucher(ctx, body),
      );
      return { status: 200, body: { ...result, lockedUntil: result.lockedUntil.toISOString() }, replayed };
    },
  }),

  operation({
    id: "unlockVoucher",
    method: "POST",
    path: "/vouchers/unlock",
    tag: "Vouchers",
    scope: "vouchers:redeem",
    summary: { en: "Release a lock", zh: "解除锁定" },
    body: schema.unlockBody,
    example: example.unlockRequest,
    idempotent: true,
    reply: {
      status: 200,
      description: { en: "It is free again.", zh: "已解除锁定。" },
      schema: schema.unlocked,
      example: example.unlocked,
    },
    errors: ["VOUCHER_UNKNOWN", "VOUCHER_NOT_LOCKED", "VOUCHER_LOCKED"],
    async handle({ ctx, body, idempotencyKey }) {
      const { replayed } = await withIdempotency(
        ctx,
        { key: idempotencyKey, verb: "unlockVoucher", input: body },
        async (ctx) => {
          await unlockVoucher(ctx, body);
          return null;
        },
      );
      return { status: 200, body: { voucherId: body.voucherId }, replayed };
    },
  }),

  operation({
    id: "voidVouchers",
    method: "POST",
    path: "/vouchers/void",
    tag: "Vouchers",
    scope: "vouchers:void",
    summary: { en: "Void vouchers", zh: "作废券" },
    description: {
      en: "For good. A voucher that was redeemed is not voided and stands under `refused`.",
      zh: "不可恢复。已核销的券不作废，列在 `refused` 中。",
    },
    body: schema.voidBody,
    example: example.voidRequest,
    idempotent: true,
    reply: {
      status: 200,
      description: { en: "What was voided and what was not.", zh: "已作废与未作废的券。" },
      schema: schema.voided,
      example: example.voided,
    },
    errors: ["VOUCHER_UNKNOWN", "VOUCHER_NOT_VOIDABLE"],
    async handle({ ctx, body, idempotencyKey, refusal }) {
      const { result, replayed } = await withIdempotency(
        ctx,
        { key: idempotencyKey, verb: "voidVouchers", input: body },
        (ctx) => voidVouchers(ctx, body),
      );
      return { status: 200, body: presentVoided(result.results, refusal), replayed };
    },
  }),

  operation({
    id: "redeem",
    method: "POST",
    path: "/redemptions",
    tag: "Redemptions",
    scope: "vouchers:redeem",
    summary: { en: "Redeem a voucher", zh: "核销一张券" },
    description: {
      en: "Redeems, clears and posts in one transaction. The loser of two at once is told when and where it was redeemed.",
      zh: "核销、清分、记账在同一事务中完成。同时核销时，后者会得知该券何时何地已被使用。",
    },
    body: schema.redeemBody,
    example: example.redeemRequest,
    idempotent: true,
    reply: {
      status: 201,
      description: { en: "The receipt.", zh: "核销凭证。" },
      schema: schema.redemption,
      example: example.redemption,
    },
    errors: [...SUBJECT, ...REDEEMABLE],
    async handle({ ctx, body, idempotencyKey }) {
      const { result, replayed } = await redeemVoucher(ctx, body, idempotencyKey);
      return { status: 201, body: presentReceipt(result), replayed };
    },
  }),

  operation({
    id: "redeemBatch",
    method: "POST",
    path: "/redemptions/batch",
    tag: "Redemptions",
    scope: "vouchers:redeem",
    summary: { en: "Redeem up to 500 vouchers", zh: "批量核销（最多 500 张）" },
    description: {
      en: "Each item is accepted or refused by itself; `items` keeps the order of the request. A body that does not fit the schema is refused as a whole.",
      zh: "逐条核销或拒绝，`items` 与请求顺序一致。请求体不符合格式时整体拒绝。",
    },
    body: schema.redeemBatchBody,
    bodyLimit: BATCH_LIMIT,
    example: example.redeemBatchRequest,
    idempotent: true,
    reply: {
      status: 200,
      description: { en: "The outcome of each item.", zh: "每一条的结果。" },
      schema: schema.batchResult,
      example: example.redeemedBatch,
    },
    errors: [...SUBJECT, ...REDEEMABLE],
    async handle({ ctx, body, idempotencyKey, refusal }) {
      const { result, replayed } = await redeemBatch(ctx, body, idempotencyKey);
      const items = result.map((outcome) =>
        outcome.ok
          ? { ok: true, redemption: presentReceipt(outcome.receipt) }
          : { ok: false, problem: refusal(outcome.error.code, outcome.error.params) },
      );
      const redeemed = result.filter((outcome) => outcome.ok).length;
      return { status: 200, body: { redeemed, refused: result.length - redeemed, items }, replayed };
    },
  }),

  operation({
    id: "listRedemptions",
    method: "GET",
    path: "/redemptions",
    tag: "Redemptions",
    scope: "redemptions:read",
    summary: { en: "List redemptions", zh: "核销列表" },
    description: {
      en: "Newest first, by cursor. Keys of a merchant see its own, keys of a brand those it funds.",
      zh: "按时间倒序，用游标翻页。商户密钥只见本商户，品牌方密钥只见其出资的核销。",
    },
    query: schema.redemptionsQuery,
    idempotent: false,
    reply: {
      status: 200,
      description: { en: "A page.", zh: "一页。" },
      schema: schema.redemptionPage,
      example: example.redemptionPage,
    },
    errors: [],
    async handle({ ctx, query: { orderRef, ...query } }) {
      const page = await listRedemptions(ctx, { ...query, search: orderRef });
      return {
        status: 200,
        body: { items: page.items.map(presentRedemption), nextCursor: page.nextCursor },
      };
    },
  }),

  operation({
    id: "getRedemption",
    method: "GET",
    path: "/redemptions/{redemption}",
    tag: "Redemptions",
    scope: "redemptions:read",
    summary: { en: "A redemption with its legs and reversals", zh: "核销详情：分账明细与冲正" },
    params: schema.redemptionParams,
    idempotent: false,
    reply: {
      status: 200,
      description: { en: "The redemption.", zh: "核销记录。" },
      schema: schema.redemptionDetail,
      example: example.redemptionDetail,
    },
    errors: ["NOT_FOUND"],
    async handle({ ctx, params }) {
      return { status: 200, body: presentDetail(await getRedemption(ctx, { id: params.redemption })) };
    },
  }),

  operation({
    id: "reverseRedemption",
    method: "POST",
    path: "/redemptions/{redemption}/reversals",
    tag: "Redemptions",
    scope: "vouchers:reverse",
    summary: { en: "Reverse a redemption, whole or in part", zh: "冲正：全额或部分退款" },
    description: {
      en: "Mirrors each leg; the parts of several reversals add up to the whole exactly. A whole reversal gives the voucher back, as the tenant's policy says. Keys of a merchant reverse its own redemptions. A reference in place of the id needs the scope `redemptions:read` as well.",
      zh: "逐条镜像各分账；多次部分冲正之和恰为全额。全额冲正按平台政策退回券。商户密钥只能冲正本商户的核销。用编号代替内部 id 时还需要 `redemptions:read` 权限。",
    },
    params: schema.redemptionParams,
    body: schema.reversalBody,
    example: example.reversalRequest,
    idempotent: true,
    reply: {
      status: 201,
      description: { en: "The reversal.", zh: "冲正凭证。" },
      schema: schema.reversal,
      example: example.reversal,
    },
    errors: ["NOT_FOUND", "TRADE_ALREADY_REVERSED", "REVERSAL_EXCEEDS_TRADE"],
    async handle({ ctx, params, body, idempotencyKey }) {
      const { result, replayed } = await withIdempotency(
        ctx,
        { key: idempotencyKey, verb: "reverseRedemption", input: { ...params, ...body } },
        async (ctx) => {
          const given = params.redemption.toLowerCase();
          const redemptionId = isId(given) ? given : (await getRedemption(ctx, { id: given })).id;
          return reverseRedemption(ctx, { redemptionId, ...body });
        },
      );
      return { status: 201, body: presentReversal(result), replayed };
    },
  }),

  operation({
    id: "listCampaigns",
    method: "GET",
    path: "/campaigns",
    tag: "Campaigns",
    scope: "campaigns:read",
    summary: { en: "List campaigns", zh: "活动列表" },
    query: schema.campaignsQuery,
    idempotent: false,
    reply: {
      status: 200,
      description: { en: "A page.", zh: "一页。" },
      schema: schema.campaignPage,
      example: example.campaignPage,
    },
    errors: [],
    async handle({ ctx, query: { status, ...query } }) {
      const page = await listCampaigns(ctx, { ...query, status: status && [status] });
      return { status: 200, body: { items: page.items.map(presentCampaign), nextCursor: page.nextCursor } };
    },
  }),
  ...orderOperations,
];
