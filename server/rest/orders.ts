import { type Ctx, isAllowed } from "@/server/core/context";
import type { ErrorCode } from "@/server/core/errors";
import { withIdempotency } from "@/server/core/idempotency";
import { isId } from "@/server/core/ids";
import {
  createOrder,
  getOrder,
  listForSale,
  listOrders,
  payOrder,
  reportDelivery,
  revealOrder,
} from "../domain/orders";
import { type Operation, operation } from "./operation";
import * as example from "./orders-examples";
import { presentCard, presentOrder, presentOrderRow, presentProduct } from "./orders-present";
import * as schema from "./orders-schemas";
import { pickupKeyOf } from "./pickup";

/** Card-keys for distributors: what can be ordered, ordering, and the cards of the own orders. */

const ORDERABLE: ErrorCode[] = [
  "PRODUCT_NOT_ON_SALE",
  "PRODUCT_NOT_PRICED",
  "QUANTITY_TOO_LARGE",
  "OUT_OF_STOCK",
  "CURRENCY_MISMATCH",
  "PRICE_BELOW_COST",
  "RULE_NOT_FOUND",
  "CONFLICT",
];
const PAYABLE: ErrorCode[] = ["ORDER_NOT_PAYABLE", "ORDER_EXPIRED", "ACCOUNT_BELOW_FLOOR"];

/** A reference is looked up first, which asks for leave to read orders as well. */
async function idOf(ctx: Ctx, order: string): Promise<string> {
  const given = order.toLowerCase();
  return isId(given) ? given : (await getOrder(ctx, { id: order })).id;
}

/** What the caller has just made or paid for: its scope for that is enough to be told. */
const told = async (ctx: Ctx, id: string) =>
  presentOrder(await getOrder({ ...ctx, actor: reading(ctx.actor) }, { id }));
function reading(actor: Ctx["actor"]): Ctx["actor"] {
  return actor.kind === "apiKey" ? { ...actor, scopes: [...actor.scopes, "orders:read"] } : actor;
}

export const orderOperations: readonly Operation[] = [
  operation({
    id: "listProducts",
    method: "GET",
    path: "/products",
    tag: "Orders",
    scope: "products:read",
    summary: { en: "What you can order, at your price", zh: "可下单的商品及您的价格" },
    query: schema.productsQuery,
    idempotent: false,
    reply: {
      status: 200,
      description: { en: "A page, by product number.", zh: "一页，按商品编号。" },
      schema: schema.productPage,
      example: example.productPage,
    },
    errors: [],
    async handle({ ctx, query }) {
      const page = await listForSale(ctx, query);
      return { status: 200, body: { items: page.items.map(presentProduct), nextCursor: page.nextCursor } };
    },
  }),

  operation({
    id: "createOrder",
    method: "POST",
    path: "/orders",
    tag: "Orders",
    scope: "orders:create",
    summary: { en: "Order card-keys", zh: "下单购买卡密" },
    description: {
      en: "Holds the cards until `expiresAt`. With `payFromWallet` it is paid and delivered in the same transaction, all or nothing. The cards are fetched by revealing them.",
      zh: "在 `expiresAt` 之前为您保留卡密。带 `payFromWallet` 时在同一事务中付款并发卡，要么全部成功，要么什么都不发生。卡密通过取卡接口获取。",
    },
    body: schema.createOrderBody,
    example: example.createOrderRequest,
    idempotent: true,
    reply: {
      status: 201,
      description: { en: "The order.", zh: "订单。" },
      schema: schema.order,
      example: example.order,
    },
    errors: ["NOT_FOUND", ...ORDERABLE, ...PAYABLE],
    async handle({ ctx, body, idempotencyKey }) {
      const { payFromWallet, ...input } = body;
      const { result, replayed } = await withIdempotency(
        ctx,
        { key: idempotencyKey, verb: "createOrder", input: body },
        async (ctx) => {
          const { id } = await createOrder(ctx, input);
          if (payFromWallet) await payOrder(ctx, { orderId: id, method: { kind: "wallet" } });
          return told(ctx, id);
        },
      );
      return { status: 201, body: result, replayed };
    },
  }),

  operation({
    id: "payOrder",
    method: "POST",
    path: "/orders/{order}/payments",
    tag: "Orders",
    scope: "orders:create",
    summary: { en: "Pay an order from the wallet", zh: "用钱包支付订单" },
    description: {
      en: "Paid and delivered in one transaction. A reference in place of the id needs the scope `orders:read` as well.",
      zh: "付款与发卡在同一事务中完成。用编号代替 id 时还需要 `orders:read` 权限。",
    },
    params: schema.orderParams,
    idempotent: true,
    reply: {
      status: 200,
      description: { en: "The order, delivered.", zh: "已发卡的订单。" },
      schema: schema.order,
      example: example.order,
    },
    errors: ["NOT_FOUND", "OUT_OF_STOCK", "PRICE_BELOW_COST", "RULE_NOT_FOUND", ...PAYABLE],
    async handle({ ctx, params, idempotencyKey }) {
      const { result, replayed } = await withIdempotency(
        ctx,
        { key: idempotencyKey, verb: "payOrder", input: params },
        async (ctx) => {
          const orderId = await idOf(ctx, params.order);
          await payOrder(ctx, { orderId, method: { kind: "wallet" } });
          return told(ctx, orderId);
        },
      );
      return { status: 200, body: result, replayed };
    },
  }),

  operation({
    id: "listOrders",
    method: "GET",
    path: "/orders",
    tag: "Orders",
    scope: "orders:read",
    summary: { en: "List orders", zh: "订单列表" },
    description: {
      en: "Newest first, by cursor. Keys of a distributor see its own.",
      zh: "按时间倒序，用游标翻页。分销商密钥只见自己的订单。",
    },
    query: schema.ordersQuery,
    idempotent: false,
    reply: {
      status: 200,
      description: { en: "A page.", zh: "一页。" },
      schema: schema.orderPage,
      example: example.orderPage,
    },
    errors: [],
    async handle({ ctx, query: { externalRef, state, ...query } }) {
      const page = await listOrders(ctx, { ...query, search: externalRef, state: state && [state] });
      return { status: 200, body: { items: page.items.map(presentOrderRow), nextCursor: page.nextCursor } };
    },
  }),

  operation({
    id: "getOrder",
    method: "GET",
    path: "/orders/{order}",
    tag: "Orders",
    scope: "orders:read",
    summary: { en: "An order with its lines and cards", zh: "订单详情：明细与卡" },
    description: {
      en: "Without numbers and secrets, which are revealed on demand.",
      zh: "不含卡号与卡密，需要时另行取卡。",
    },
    params: schema.orderParams,
    idempotent: false,
    reply: {
      status: 200,
      description: { en: "The order.", zh: "订单。" },
      schema: schema.order,
      example: example.order,
    },
    errors: ["NOT_FOUND"],
    async handle({ ctx, params }) {
      const order = await getOrder(ctx, { id: params.order });
      const mayOpen = order.pickupPath !== null && isAllowed(ctx.actor, "card:reveal");
      return {
        status: 200,
        body: presentOrder(order, mayOpen && order.pickupPath ? pickupKeyOf(order.pickupPath) : null),
      };
    },
  }),

  operation({
    id: "revealCards",
    method: "POST",
    path: "/orders/{order}/reveal",
    tag: "Orders",
    scope: "orders:reveal",
    summary: { en: "Fetch the cards of an order", zh: "取卡：获取订单的卡号与卡密" },
    description: {
      en: "Numbers and secrets of the cards you ordered. Each request is counted and audited. A POST, so that no cache keeps them. A reference in place of the id needs the scope `orders:read` as well.",
      zh: "返回您所购卡的卡号与卡密，每次请求都会计数并审计。使用 POST 以免被缓存。用编号代替 id 时还需要 `orders:read` 权限。",
    },
    params: schema.orderParams,
    body: schema.revealBody,
    example: example.revealRequest,
    idempotent: false,
    reply: {
      status: 200,
      description: { en: "The cards.", zh: "卡号与卡密。" },
      schema: schema.revealed,
      example: example.revealed,
    },
    errors: ["NOT_FOUND", "ORDER_NOT_DELIVERED", "KEY_NOT_REVEALABLE"],
    async handle({ ctx, params, body }) {
      const { cards } = await revealOrder(ctx, { orderId: await idOf(ctx, params.order), ...body });
      return { status: 200, body: { cards: cards.map(presentCard) } };
    },
  }),

  operation({
    id: "reportCard",
    method: "POST",
    path: "/card-reports",
    tag: "Orders",
    scope: "orders:report",
    summary: { en: "Report a card that does not work", zh: "报告无法使用的卡" },
    description: {
      en: "Support replaces it or refuses; the first of an order may be replaced at once, as the platform has set it.",
      zh: "由客服补发或拒绝；按平台设置，一单的首次报告可能立即补发。",
    },
    body: schema.reportBody,
    example: example.reportRequest,
    idempotent: true,
    reply: {
      status: 201,
      description: { en: "What became of the report.", zh: "处理结果。" },
      schema: schema.reported,
      example: example.reported,
    },
    errors: ["NOT_FOUND", "DELIVERY_NOT_REPORTABLE"],
    async handle({ ctx, body, idempotencyKey }) {
      const { result, replayed } = await withIdempotency(
        ctx,
        { key: idempotencyKey, verb: "reportCard", input: body },
        (ctx) => reportDelivery(ctx, body),
      );
      const { deliveryId, outcome, replacementId } = result;
      return { status: 201, body: { deliveryId, outcome, replacementId }, replayed };
    },
  }),
];
