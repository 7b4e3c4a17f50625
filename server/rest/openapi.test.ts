import { describe, expect, it } from "vitest";
import { type ApiDocument, curlOf, fieldsOf, operationsOf } from "@/components/apiDocs/document";
import { apiReader } from "@/components/apiDocs/reader";
import { ERROR_KINDS, type ErrorCode } from "@/server/core/errors";
import { errorsOf, openApiDocument } from "./openapi";
import { operations } from "./registry";

const doc = JSON.parse(JSON.stringify(openApiDocument(operations, apiReader("en")))) as ApiDocument & {
  openapi: string;
  components: { schemas: object; securitySchemes: object };
};

describe("the OpenAPI document", () => {
  it("describes each operation of the registry once", () => {
    expect(doc.openapi).toBe("3.1.0");
    const listed = operationsOf(doc).map((one) => `${one.method} ${one.path} ${one.operationId}`);
    const registered = operations.map((one) => `${one.method} ${one.path} ${one.id}`);
    // Picking up is not of the registry: it takes no key of a party.
    expect(listed.sort()).toEqual([...registered, "POST /pickup pickUpCards"].sort());
    expect(new Set(operations.map((one) => one.id)).size).toBe(operations.length);
    expect(doc.components.securitySchemes).toHaveProperty("apiKey");
  });

  it("refers to nothing that is not in it", () => {
    const text = JSON.stringify(doc);
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      expect(doc.components.schemas).toHaveProperty([name ?? ""]);
    expect(text).not.toContain("undefined");
  });

  it.each(operations.map((one) => [one.id, one] as const))(
    "%s: its examples fit its schemas",
    (_, operation) => {
      expect(operation.body === undefined || operation.body.safeParse(operation.example).success).toBe(true);
      expect(operation.reply.schema.safeParse(operation.reply.example).error?.issues ?? []).toEqual([]);
    },
  );

  it("tells amounts as integers and refuses unknown fields", () => {
    const schemas = doc.components.schemas as Record<
      string,
      { properties: object; additionalProperties: boolean }
    >;
    expect(schemas.Redeem?.additionalProperties).toBe(false);
    expect(schemas.Redeem?.properties).toMatchObject({ orderAmount: { type: "integer", minimum: 1 } });
  });

  it("names every error with a sentence, in both languages", () => {
    for (const lang of ["en", "zh-CN"]) {
      const reader = apiReader(lang);
      for (const code of new Set(operations.flatMap(errorsOf))) {
        expect(reader.sentence(code, {}).length).toBeGreaterThan(5);
        expect(reader.title(ERROR_KINDS[code]).length).toBeGreaterThan(1);
      }
      expect(openApiDocument(operations, reader).info.description).toMatch(
        lang === "en" ? /Idempotency/ : /\p{Script=Han}/u,
      );
    }
  });

  it("has a sentence for every code there is", () => {
    for (const lang of ["en", "zh-CN"])
      for (const code of Object.keys(ERROR_KINDS) as ErrorCode[])
        expect(apiReader(lang).sentence(code, { at: "2026-11-20T10:02:11.000Z" })).not.toMatch(/errors\.|\{/);
  });
});

it("speaks Chinese of every field", () => {
  const zh = JSON.stringify(openApiDocument(operations, apiReader("zh-CN")));
  const english = [...zh.matchAll(/"description":"((?:[^"\\\\]|\\\\.)*)"/g)]
    .map(([, text]) => text ?? "")
    .filter((text) => !/\p{Script=Han}/u.test(text) && !text.startsWith("`"));
  expect(english).toEqual([]);
});

describe("the page made from it", () => {
  const redeem = operationsOf(doc).find((one) => one.operationId === "redeem");

  it("lists fields by their path", () => {
    const names = fieldsOf(doc, redeem?.requestBody?.content["application/json"]?.schema).map((f) => f.name);
    expect(names).toContain("orderAmount");
    expect(names).toContain("lines[].productCode");
    const batch = operationsOf(doc).find((one) => one.operationId === "redeemBatch");
    const replies = fieldsOf(doc, batch?.responses["200"]?.content?.["application/json"]?.schema);
    expect(replies.map((f) => f.name)).toEqual(
      expect.arrayContaining(["items[].ok", "items[].problem.code"]),
    );
  });

  it("shows a call that a shell can make", () => {
    expect(redeem && curlOf(redeem, "https://kaqing.example")).toContain(
      `-d '{"code":"7K2M-9QXA-41TD-W8ZR","orderAmount":10000,"currency":"CNY","orderRef":"POS-3-000451"}'`,
    );
  });
});
