import { bigint, customType, text, timestamp, uuid } from "drizzle-orm/pg-core";
import type { TradeFee } from "./schema/types";
import { packFees, unpackFees } from "./trade-fees";

/** Columns every tenant-owned table begins with; `tenant_id` stands first in each key. */
export const tenantId = () => uuid("tenant_id").notNull();
export const id = () => uuid("id").notNull();
/** An amount in minor units. */
export const minor = (name: string) => bigint(name, { mode: "bigint" });
/** ISO 4217 code, or a registered token's. */
export const currency = (name = "currency") => text(name);
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });
export const packedFees = customType<{ data: TradeFee[]; driverData: string }>({
  dataType: () => "text",
  toDriver: (fees) => packFees(fees),
  fromDriver: (packed) => unpackFees(packed),
});
export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });
