export const dynamic = "force-dynamic";

/** That the API is there; the least that a request can cost on this server. */
export function GET(): Response {
  return new Response('{"ok":true}', {
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
  });
}
