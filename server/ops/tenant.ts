import { parseArgs } from "node:util";
import { z } from "zod";
import { connect } from "@/db/client";
import { currencyCode } from "@/server/core/money-schemas";
import { SYSTEM_ACTORS } from "@/server/core/system-words";
import { withTransaction } from "@/server/core/transaction";
import { seedChineseCalendar } from "@/server/domain/calendar";
import { timeZone } from "@/server/domain/calendar/schemas";
import { createTenant, findTenantId, inviteUser, systemCtx } from "@/server/domain/parties";
import { openDatabase } from "./database";
import { migrate } from "./migrate";
import { say } from "./say";

/**
 * npm run tenant -- --slug acme --name "Acme" --currency CNY --timezone Asia/Shanghai --operator you@example.com
 * Opens a tenant and prints the link by which its first operator sets a password.
 */
const { values } = parseArgs({
  options: {
    slug: { type: "string" },
    name: { type: "string" },
    currency: { type: "string" },
    timezone: { type: "string" },
    operator: { type: "string" },
  },
});
const parsed = z
  .object({
    slug: z.string().regex(/^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/, "3 to 40 of a–z, 0–9 and -"),
    name: z.string().trim().min(1).max(120),
    currency: currencyCode,
    timezone: timeZone,
    operator: z.email(),
  })
  .safeParse(values);
if (!parsed.success) {
  for (const issue of parsed.error.issues) say(`--${issue.path.join(".")}: ${issue.message}`);
  process.exit(2);
}
const input = parsed.data;

const database = await openDatabase(say);
try {
  await migrate(database.url);
  const owner = connect(database.url, { as: "owner", max: 2 });
  const app = connect(database.url, { max: 2 });
  try {
    if (await findTenantId(app, input.slug)) {
      say(`There is a tenant "${input.slug}" already.`);
      process.exitCode = 1;
    } else {
      const tenant = await createTenant(owner, input);
      const ctx = systemCtx(app, tenant, SYSTEM_ACTORS.setUp);
      const link = await withTransaction(ctx, async (ctx) => {
        if (input.timezone === "Asia/Shanghai") await seedChineseCalendar(ctx);
        return inviteUser(ctx, { email: input.operator, name: input.operator, role: "operator" });
      });
      say(
        `Tenant "${input.slug}" is open. Its first operator sets a password here, until ${link.expiresAt.toISOString()}:`,
      );
      const address = process.env.NEXTAUTH_URL ?? `http://localhost:${process.env.PORT ?? 3000}`;
      process.stdout.write(`${address}/invite/${link.token}\n`);
    }
  } finally {
    await Promise.all([owner.close(), app.close()]);
  }
} finally {
  await database.release();
}
