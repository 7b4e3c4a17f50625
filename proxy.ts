import { type NextRequest, NextResponse } from "next/server";
import { decodes, malformedPath } from "@/server/rest/malformed-path";

/** Not a page: nothing of it runs in a browser's document. */
const NO_PAGE = /^\/(?:api\/|_next\/static|_next\/image|icon\.svg|wasm\/|favicon\.ico)/;

export async function proxy(request: NextRequest): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!decodes(pathname)) {
    const { apiReader } = await import("@/components/apiDocs/reader"); // with all sentences: for those few alone
    return malformedPath(request, apiReader(request.headers.get("accept-language")));
  }
  return NO_PAGE.test(pathname) ? NextResponse.next() : pageWithPolicy(request);
}

export const config = {
  matcher: [
    { source: "/((?!api/|_next/static|_next/image|icon.svg|wasm/|favicon.ico).*)" },
    { source: "/(.*%.*)" }, // may be one that does not decode, on which Next itself would fail
  ],
};

/**
 * The content security policy of every page; other headers stand in next.config.ts. Scripts run only with this request's nonce, nothing is asked of another host, nobody
 * frames us. Styles allow inline attributes, which React, the charts and the toasts set.
 */
function pageWithPolicy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const head = new Headers(request.headers);
  head.set("x-nonce", nonce);
  head.set("content-security-policy", policy); // Next reads the nonce from here
  const response = NextResponse.next({ request: { headers: head } });
  response.headers.set("content-security-policy", policy);
  return response;
}

function contentSecurityPolicy(nonce: string): string {
  const development = process.env.NODE_ENV === "development";
  // The scanner decodes pictures in WebAssembly, and a till may come to it from any page without a new document.
  const script = ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'", "'wasm-unsafe-eval'"];
  if (development) script.push("'unsafe-eval'"); // React's stack traces
  return [
    "default-src 'self'",
    `script-src ${script.join(" ")}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' data: blob:${development ? " ws:" : ""}`,
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
