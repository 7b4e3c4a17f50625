import { getLocale } from "next-intl/server";
import { ApiDocsPage } from "@/components/apiDocs/api-docs-page";
import type { ApiDocument } from "@/components/apiDocs/document";
import { apiReader } from "@/components/apiDocs/reader";
import { openApiDocument, operations } from "@/server/rest";

export default async function Page() {
  const lang = await getLocale();
  const doc = openApiDocument(operations, apiReader(lang)) as unknown as ApiDocument;
  return <ApiDocsPage doc={doc} origin={process.env.NEXTAUTH_URL ?? "http://localhost:3000"} lang={lang} />;
}
