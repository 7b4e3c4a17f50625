import type { Shape } from "../shape";
import type zh from "../zh-CN/apiDocs";

export default {
  title: "API documentation",
  description: "Issue, validate, lock, redeem and reverse vouchers from a shop, a till or an ERP system.",
  download: "OpenAPI 3.1 document",
  keys: "Manage API keys",
  contents: "Operations",
  scope: "Scope",
  idempotent: "Needs an Idempotency-Key",
  response: "Response {status}",
  curl: "With curl",
  curlName: "the curl command of {operation}",
  parameters: "Parameters",
  fields: "Fields of the body",
  replyFields: "Fields of the reply",
  errors: "What may go wrong",
  required: "required",
  optional: "optional",
  in: { path: "path", query: "query", header: "header", cookie: "cookie" },
  tags: { Vouchers: "Vouchers", Redemptions: "Redemptions", Campaigns: "Campaigns" },
  titles: {
    s400: "Bad request",
    s401: "Not authenticated",
    s403: "Not allowed",
    s404: "Not found",
    s405: "Method not allowed",
    s409: "Conflict",
    s410: "Gone",
    s413: "Too large",
    s415: "Unsupported media type",
    s422: "Cannot be processed",
    s429: "Too many requests",
    s500: "Server error",
  },
  problems: {
    unauthenticated:
      "The API key is missing, wrong, expired or revoked. Nothing was processed and no money moved. Check the Authorization header.",
    denied:
      "This API key lacks the scope for that{permission, select, none {} other { ({permission})}}. Nothing was changed. Ask an administrator for a key with the scope.",
    unknownPath:
      "There is nothing at this address. Nothing was processed. Compare it with the API documentation.",
    subject: "Give either code or voucherId, and only one of them.",
    rejected: "This value does not fit",
  },
} satisfies Shape<typeof zh>;
