import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { ERROR_KINDS, type ErrorCode } from "@/server/core/errors";
import { API_SCOPES } from "@/server/core/permissions";
import type { Operation, Words } from "./operation";
import { revealed } from "./orders-schemas";
import { itemProblem, type Reader } from "./problem";
import * as schema from "./schemas";
import { FIELD_WORDS } from "./words";

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** What any operation may answer. */
const COMMON: readonly ErrorCode[] = ["UNAUTHENTICATED", "PERMISSION_DENIED", "RATE_LIMITED", "INTERNAL"];
const OF_INPUT: readonly ErrorCode[] = ["INPUT_INVALID"];
const OF_BODY: readonly ErrorCode[] = [
  "BODY_MALFORMED",
  "BODY_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "AMOUNT_INVALID",
  "CURRENCY_UNKNOWN",
];
const OF_KEY: readonly ErrorCode[] = [
  "IDEMPOTENCY_KEY_REQUIRED",
  "IDEMPOTENCY_KEY_INVALID",
  "IDEMPOTENCY_KEY_REUSED",
];

const INTRODUCTION: Words = {
  en: `Issue, validate, lock, redeem and reverse vouchers from a shop, a till or an ERP system.

- **Key.** \`Authorization: Bearer kq_…\`. A key of a party acts for that party only; its scopes say what it may do.
- **Amounts** are JSON integers in minor units (1234 is 12.34 CNY), with their currency beside.
- **Idempotency.** Whatever changes something needs an \`Idempotency-Key\` (1 to 255 visible ASCII characters). The same key with the same input answers the first result again, with \`Idempotency-Replayed: true\`; with another input it is refused. A refused request leaves no key behind. An answer is remembered for 30 days; after that its key counts as new.
- **Errors** are problem documents (RFC 9457) with a stable \`code\`, in the language of \`Accept-Language\`. \`X-Request-Id\` is answered and stands in our log.
- **Limits.** 1 MB a body, 2 MB a batch; a number of requests a second and key, then 429 with \`Retry-After\`.`,
  zh: `从商城、收银或 ERP 系统发放、试算、锁定、核销和冲正卡券。

- **密钥**：\`Authorization: Bearer kq_…\`。参与方的密钥只代表该参与方，权限范围（scope）决定它能做什么。
- **金额**是以最小货币单位表示的 JSON 整数（1234 即 12.34 元），并附币种。
- **幂等**：所有变更请求都需要 \`Idempotency-Key\`（1–255 个可见 ASCII 字符）。同一键同一内容返回首次结果，并带 \`Idempotency-Replayed: true\`；内容不同则拒绝。被拒绝的请求不占用键。结果保留 30 天，之后同一键视为新的请求。
- **错误**为 RFC 9457 问题文档，\`code\` 稳定不变，文字随 \`Accept-Language\`。\`X-Request-Id\` 原样返回并记入日志。
- **限制**：请求体 1 MB，批量 2 MB；每个密钥每秒请求数有限，超出返回 429 与 \`Retry-After\`。`,
};

/** The OpenAPI 3.1 document of the registry, in the reader's language. */
export function openApiDocument(operations: readonly Operation[], reader: Reader): OpenApiDocument {
  const say = (words: Words) => (reader.locale === "zh-CN" ? words.zh : words.en);
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const operation of operations) {
    const methods = paths[operation.path] ?? {};
    methods[operation.method.toLowerCase()] = documented(operation, say, reader);
    paths[operation.path] = methods;
  }
  paths["/pickup"] = { post: pickupOperation(say, reader) };
  const document = createDocument({
    openapi: "3.1.0",
    info: { title: "Kaqing API", version: "1.0.0", description: say(INTRODUCTION) },
    servers: [{ url: "/api/v1" }],
    security: [{ apiKey: [] }],
    tags: [
      { name: "Vouchers", description: say({ en: "Issue and check vouchers.", zh: "发券与验券。" }) },
      { name: "Redemptions", description: say({ en: "Redeem and reverse.", zh: "核销与冲正。" }) },
      { name: "Campaigns", description: say({ en: "What can be issued.", zh: "可发放的活动。" }) },
      {
        name: "Orders",
        description: say({
          en: "Order card-keys and fetch them, for distributors.",
          zh: "分销商下单取卡密。",
        }),
      },
    ],
    paths: paths as ZodOpenApiPathsObject,
    components: {
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "kq_<tenant>_<id>_<secret>",
          description: Object.keys(API_SCOPES)
            .map((scope) => `\`${scope}\``)
            .join(", "),
        },
        orderKey: { type: "http", scheme: "bearer", bearerFormat: "ok_<tenant>.<token>" },
      },
    },
  });
  return reader.locale === "zh-CN" ? inChinese(document) : document;
}

/** Fields and parameters are described in the schemas, in English. */
function inChinese<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inChinese) as T;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([name, part]) => [
    name,
    name === "description" && typeof part === "string" ? (FIELD_WORDS[part] ?? part) : inChinese(part),
  ]);
  return Object.fromEntries(entries) as T;
}

/** Not of the registry: it needs no key of a party, but the order's own. */
function pickupOperation(say: (words: Words) => string, reader: Reader): ZodOpenApiOperationObject {
  const gone = itemProblem("LINK_INVALID", {}, reader, "request-id");
  return {
    operationId: "pickUpCards",
    tags: ["Orders"],
    summary: say({ en: "Fetch the cards by the order's own key", zh: "凭订单自己的密钥取卡" }),
    description: say({
      en: "For whoever was given `pickupKey` of an order. Each request is counted and audited, and the key ends with the order's pick-up link.",
      zh: "供持有订单 `pickupKey` 的人使用。每次请求都会计数并审计；提卡链接失效，密钥随之失效。",
    }),
    security: [{ orderKey: [] }],
    responses: {
      200: {
        description: say({ en: "The cards.", zh: "卡号与卡密。" }),
        content: { "application/json": { schema: revealed } },
      },
      410: { description: gone.title ?? "LINK_INVALID" },
    },
  };
}

function documented(
  operation: Operation,
  say: (words: Words) => string,
  reader: Reader,
): ZodOpenApiOperationObject {
  const description = [
    operation.description && say(operation.description),
    say({ en: `Scope: \`${operation.scope}\`.`, zh: `权限范围：\`${operation.scope}\`。` }),
  ];
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: say(operation.summary),
    description: description.filter(Boolean).join("\n\n"),
    security: [{ apiKey: [operation.scope] }],
    parameters: parametersOf(operation, say),
    requestParams: {
      ...(operation.params ? { path: operation.params } : {}),
      ...(operation.query ? { query: operation.query } : {}),
    },
    ...(operation.body
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: operation.body, example: operation.example } },
          },
        }
      : {}),
    responses: {
      [operation.reply.status]: {
        description: say(operation.reply.description),
        headers: {
          "X-Request-Id": { schema: { type: "string" } },
          ...(operation.idempotent
            ? { "Idempotency-Replayed": { schema: { type: "string", enum: ["true"] } } }
            : {}),
        },
        content: { "application/json": { schema: operation.reply.schema, example: operation.reply.example } },
      },
      ...problemResponses(operation, reader),
    },
  };
}

function parametersOf(operation: Operation, say: (words: Words) => string) {
  const language = {
    in: "header" as const,
    name: "Accept-Language",
    schema: { type: "string" as const, examples: ["zh-CN", "en"] },
    description: say({ en: "Language of problem documents.", zh: "问题文档的语言。" }),
  };
  if (!operation.idempotent) return [language];
  const key = {
    in: "header" as const,
    name: "Idempotency-Key",
    required: true,
    schema: { type: "string" as const, minLength: 1, maxLength: 255, pattern: "^[\\x21-\\x7e]{1,255}$" },
    example: "POS-3-000451",
    description: say({
      en: "Yours; the same for every attempt at the same thing.",
      zh: "由调用方给出；同一件事的每次尝试使用同一个键。",
    }),
  };
  return [key, language];
}

/** The codes an operation may answer, the common ones included. */
export function errorsOf(operation: Operation): ErrorCode[] {
  const input = operation.body || operation.query || operation.params ? OF_INPUT : [];
  const codes = [
    ...COMMON,
    ...input,
    ...(operation.body ? OF_BODY : []),
    ...(operation.idempotent ? OF_KEY : []),
    ...operation.errors,
  ];
  return [...new Set(codes)];
}

function problemResponses(operation: Operation, reader: Reader) {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorsOf(operation)) {
    const status = ERROR_KINDS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\``).join(", "),
        content: {
          "application/problem+json": {
            schema: schema.problem,
            examples: Object.fromEntries(
              codes.map((code) => [
                code,
                {
                  value: {
                    ...itemProblem(code, {}, reader, ""),
                    instance: "urn:kaqing:request:01940000-0000-7000-8000-0000000000e1",
                  },
                },
              ]),
            ),
          },
        },
      },
    ]),
  );
}
