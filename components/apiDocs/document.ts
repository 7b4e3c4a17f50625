/** The parts of the OpenAPI document that the page reads. */
export interface DocSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  description?: string;
  properties?: Record<string, DocSchema>;
  required?: string[];
  items?: DocSchema;
  anyOf?: DocSchema[];
  oneOf?: DocSchema[];
  maxItems?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}
export interface DocParameter {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required?: boolean;
  description?: string;
  schema?: DocSchema;
}
export interface DocContent {
  schema?: DocSchema;
  example?: unknown;
  examples?: Record<string, { value?: { code?: string; status?: number; detail?: string } }>;
}
export interface DocOperation {
  operationId: string;
  tags?: string[];
  summary?: string;
  description?: string;
  security?: Record<string, string[]>[];
  parameters?: DocParameter[];
  requestBody?: { content: Record<string, DocContent> };
  responses: Record<string, { description?: string; content?: Record<string, DocContent> }>;
}
export interface ApiDocument {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, DocOperation>>;
  components?: { schemas?: Record<string, DocSchema> };
}

export interface ListedOperation extends DocOperation {
  method: string;
  path: string;
}

export function operationsOf(doc: ApiDocument): ListedOperation[] {
  return Object.entries(doc.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );
}

export interface DocField {
  name: string;
  type: string;
  required: boolean;
  description: string;
}

/** The fields of a schema, those of its objects and arrays beside them: `items[].code`. */
export function fieldsOf(
  doc: ApiDocument,
  schema: DocSchema | undefined,
  prefix = "",
  depth = 0,
): DocField[] {
  const { properties, required = [] } = resolve(doc, schema);
  return Object.entries(properties ?? {}).flatMap(([name, given]) => {
    const field = resolve(doc, given);
    const path = `${prefix}${name}`;
    const row = {
      name: path,
      type: typeOf(doc, given),
      required: required.includes(name),
      description: field.description ?? "",
    };
    if (depth === 3) return [row];
    const inner = alternatives(doc, field).flatMap((one) =>
      one.items
        ? alternatives(doc, resolve(doc, one.items)).flatMap((item) =>
            fieldsOf(doc, item, `${path}[].`, depth + 1),
          )
        : one.properties
          ? fieldsOf(doc, one, `${path}.`, depth + 1)
          : [],
    );
    return [row, ...inner.filter((one, i) => inner.findIndex((other) => other.name === one.name) === i)];
  });
}

function alternatives(doc: ApiDocument, schema: DocSchema): DocSchema[] {
  const several = schema.anyOf ?? schema.oneOf;
  return several ? several.map((one) => resolve(doc, one)) : [schema];
}

function resolve(doc: ApiDocument, schema: DocSchema | undefined): DocSchema {
  const name = schema?.$ref?.split("/").at(-1);
  if (!name) return schema ?? {};
  const { $ref: _, ...beside } = schema ?? {};
  return { ...resolve(doc, doc.components?.schemas?.[name]), ...beside };
}

function typeOf(doc: ApiDocument, given: DocSchema): string {
  const schema = resolve(doc, given);
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return [...new Set(several.map((one) => typeOf(doc, one)))].join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.items) return `${typeOf(doc, schema.items)}[]${schema.maxItems ? ` ≤ ${schema.maxItems}` : ""}`;
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "any");
  if (schema.format) return `${type} (${schema.format})`;
  return schema.maxLength ? `${type} ≤ ${schema.maxLength}` : type;
}

/** How a shell would make the call. */
export function curlOf(operation: ListedOperation, origin: string): string {
  const path = operation.path.replace("{redemption}", "RD-1KQX-7M2P-9TAB");
  const lines = [
    `curl -X ${operation.method} ${origin}/api/v1${path}`,
    `-H "Authorization: Bearer $KAQING_KEY"`,
  ];
  if (operation.parameters?.some((p) => p.name === "Idempotency-Key"))
    lines.push(`-H "Idempotency-Key: $(uuidgen)"`);
  const body = operation.requestBody?.content["application/json"]?.example;
  if (body !== undefined) lines.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(body)}'`);
  return lines.join(" \\\n  ");
}
