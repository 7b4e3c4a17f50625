import { apiReader } from "@/components/apiDocs/reader";
import { openApiDocument, operations } from "@/server/rest";

export const dynamic = "force-dynamic";

const documents = new Map<string, string>();

/** Open to everyone: it tells nothing of any tenant. `?lang=zh-CN` or Accept-Language choose its language. */
export function GET(req: Request): Response {
  const lang = new URL(req.url).searchParams.get("lang");
  const reader = apiReader(lang ?? req.headers.get("accept-language"));
  const text = documents.get(reader.locale) ?? JSON.stringify(openApiDocument(operations, reader));
  documents.set(reader.locale, text);
  return new Response(text, {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-language": reader.locale,
      "cache-control": "public, max-age=300",
      vary: "accept-language",
    },
  });
}
