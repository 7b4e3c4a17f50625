/**
 * Whether a browser says that one of our own pages makes the call. A mutation from another site's page would
 * carry no cookie (SameSite=Lax) and no JSON body; this is the second lock. Without either header it is no browser.
 */
export function isSameOrigin(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site) return site === "same-origin";
  const origin = headers.get("origin");
  if (!origin) return true;
  try {
    const { host } = new URL(origin);
    return host === headers.get("host") || host === ownHost();
  } catch {
    return false; // "null": a sandboxed page
  }
}

function ownHost(): string | null {
  try {
    return new URL(process.env.NEXTAUTH_URL ?? "").host;
  } catch {
    return null;
  }
}

/**
 * The caller's network address. X-Forwarded-For is written from right to left by what stands in front of us:
 * KAQING_TRUSTED_PROXIES (0) says how many of its entries were written by proxies of ours besides the server's own.
 */
export function clientAddress(headers: Pick<Headers, "get">): string | undefined {
  const hops = (headers.get("x-forwarded-for") ?? "")
    .split(",")
    .map((hop) => hop.trim())
    .filter(Boolean);
  const trusted = Math.max(0, Math.trunc(Number(process.env.KAQING_TRUSTED_PROXIES ?? 0)) || 0);
  const address = hops[Math.max(0, hops.length - 1 - trusted)];
  return address?.replace(/^::ffff:/, "").slice(0, 64);
}
