import { connect, type Database, inTenant, rawSql } from "@/db/client";
import type { Tenant } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { createTenant } from "@/server/domain/parties";
import type { BenchSetting } from "./bench";

/** A tenant whose books are already full: the redemptions of the worked example, five legs each, posted by SQL. */
export interface Books {
  tenant: Tenant;
  owner: Database;
  merchantId(n: number): string;
  brandId(n: number): string;
  trades: number;
  /** First local midnight, and the one after the last day. */
  from: Date;
  to: Date;
  close(): Promise<void>;
}

export interface BooksSize {
  trades: number;
  days: number;
  merchants: number;
  brands: number;
  campaigns: number;
}

const DAY_MS = 86_400_000;
const PIECE = 100_000;

export async function makeBooks(setting: BenchSetting, size: BooksSize, to: Date): Promise<Books> {
  const owner = connect(setting.url, { as: "owner", max: 4 });
  const tenant = await createTenant(owner, {
    slug: `bench-${newId().slice(-10)}`,
    name: "Bench",
    currency: "CNY",
    timezone: "Asia/Shanghai",
  });
  const salt = tenant.id.slice(-4);
  const from = new Date(to.getTime() - size.days * DAY_MS);
  const id = (kind: number, n: number) => counted(salt, kind, n);
  await inTenant(owner, tenant.id, async (tx) => {
    const sql = rawSql(tx);
    const t = tenant.id;
    const uuid = (kind: number, n: string) =>
      sql.unsafe(`('019a${salt}-${hex4(kind)}-7000-8000-' || lpad(to_hex((${n})::bigint), 12, '0'))::uuid`);
    await sql`
      insert into parties (tenant_id, id, number, kind, name, cycle, created_at, updated_at)
      select ${t}::uuid, ${uuid(1, "n")}, 'M-' || lpad(n::text, 4, '0'), 'merchant', 'Merchant ' || n,
        '{"kind":"windows","windowsPerDay":1,"delay":1,"dayCount":"calendar"}'::jsonb, now(), now() from generate_series(0, ${size.merchants - 1}::int) n
      union all
      select ${t}::uuid, ${uuid(2, "n")}, 'B-' || lpad(n::text, 4, '0'), 'brand', 'Brand ' || n,
        '{"kind":"windows","windowsPerDay":1,"delay":1,"dayCount":"calendar"}'::jsonb, now(), now() from generate_series(0, ${size.brands - 1}::int) n
      union all
      select ${t}::uuid, ${uuid(3, "0")}, 'CH-0001', 'channel', 'WeChat Pay', '{"kind":"immediate"}'::jsonb, now(), now()`;
    await sql`
      insert into accounts (tenant_id, id, party_id, kind, currency, created_at)
      select ${t}::uuid, ${uuid(5, "n")}, ${uuid(1, "n")}, 'payable', 'CNY', now() from generate_series(0, ${size.merchants - 1}::int) n
      union all
      select ${t}::uuid, ${uuid(6, "n")}, ${uuid(2, "n")}, 'receivable', 'CNY', now() from generate_series(0, ${size.brands - 1}::int) n
      union all select ${t}::uuid, ${uuid(7, "0")}, ${uuid(3, "0")}, 'channel_receivable', 'CNY', now()
      union all select ${t}::uuid, ${uuid(7, "1")}, ${tenant.platformPartyId}::uuid, 'marketing_expense', 'CNY', now()
      union all select ${t}::uuid, ${uuid(7, "2")}, ${tenant.platformPartyId}::uuid, 'commission_revenue', 'CNY', now()
      union all select ${t}::uuid, ${uuid(7, "3")}, ${tenant.platformPartyId}::uuid, 'channel_fee', 'CNY', now()`;
    await sql`
      insert into campaigns (tenant_id, id, number, name, status, type, currency, terms, funding, brand_id, verification, collected_by,
        created_at, updated_at)
      select ${t}::uuid, ${uuid(4, "n")}, 'CP-' || lpad(n::text, 4, '0'), 'Campaign ' || n, 'active', 'fixed', 'CNY', '{}'::jsonb, '[]'::jsonb,
        ${uuid(2, `n % ${size.brands}`)}, 'static', 'platform', now(), now() from generate_series(0, ${size.campaigns - 1}::int) n`;
  });
  await owner.sql.unsafe("analyze parties, accounts, campaigns");

  for (let done = 0; done < size.trades; done += PIECE) {
    const last = Math.min(size.trades, done + PIECE) - 1;
    await post(owner, { tenant, salt, size, from, first: done, last, of: size.trades });
    setting.say(`${(last + 1).toLocaleString("en")} of ${size.trades.toLocaleString("en")} trades posted`);
  }
  await owner.sql.unsafe("vacuum (analyze) trades");
  await owner.sql.unsafe("vacuum (analyze) transfers");
  return {
    tenant,
    owner,
    merchantId: (n) => id(1, n),
    brandId: (n) => id(2, n),
    trades: size.trades,
    from,
    to,
    close: () => owner.close(),
  };
}

async function post(
  owner: Database,
  p: { tenant: Tenant; salt: string; size: BooksSize; from: Date; first: number; last: number; of: number },
): Promise<void> {
  await inTenant(owner, p.tenant.id, async (tx) => {
    const sql = rawSql(tx);
    const t = p.tenant.id;
    const uuid = (kind: number, n: string) =>
      sql.unsafe(`('019a${p.salt}-${hex4(kind)}-7000-8000-' || lpad(to_hex((${n})::bigint), 12, '0'))::uuid`);
    const { merchants, campaigns, brands, days } = p.size;
    // Merchants and campaigns in an order of their own, so that every day sees all of them.
    const merchant = `(n * 7919) % ${merchants}`;
    const campaign = `(n * 104729) % ${campaigns}`;
    const brand = `(n * 104729) % ${campaigns} % ${brands}`;
    const at = sql`${p.from.toISOString()}::timestamptz + n * (interval '1 day' * ${days}::int / ${p.of}::int)`;
    await sql`
      insert into trades (tenant_id, id, kind, traded_at, posted_at, currency, gross, discount, paid, merchant_id, brand_id, campaign_id,
        channel_id, collected_by, channel_fee_rate)
      select ${t}::uuid, ${uuid(16, "n")}, 'redemption', ${at}, ${at}, 'CNY', 10000, 2000, 8000, ${uuid(1, merchant)}, ${uuid(2, brand)},
        ${uuid(4, campaign)}, ${uuid(3, "0")}, 'platform', '0.006'
      from generate_series(${p.first}::bigint, ${p.last}::bigint) n`;
    await sql`
      insert into transfers (tenant_id, id, trade_id, leg, debit_account_id, credit_account_id, amount, currency, party_id,
        traded_at, posted_at, debit_due_at, credit_due_at)
      select ${t}::uuid, ${uuid(17, "n * 5 + leg.k")}, ${uuid(16, "n")}, leg.code, leg.debit, leg.credit, leg.amount, 'CNY', ${uuid(1, merchant)},
        s.at, s.at, case when leg.due_debit then s.due end, case when leg.due_credit then s.due end
      from generate_series(${p.first}::bigint, ${p.last}::bigint) n
      cross join lateral (select ${at} as at,
        (((${at}) at time zone 'Asia/Shanghai')::date + 1)::timestamp at time zone 'Asia/Shanghai' as due) s
      cross join lateral (values
        (0, 'sale.collected', ${uuid(7, "0")}, ${uuid(5, merchant)}, 8000, false, true),
        (1, 'subsidy.brand', ${uuid(6, brand)}, ${uuid(5, merchant)}, 1000, true, true),
        (2, 'subsidy.platform', ${uuid(7, "1")}, ${uuid(5, merchant)}, 600, false, true),
        (3, 'fee.commission', ${uuid(5, merchant)}, ${uuid(7, "2")}, 192, true, false),
        (4, 'fee.channel', ${uuid(7, "3")}, ${uuid(7, "0")}, 48, false, false))
        leg (k, code, debit, credit, amount, due_debit, due_credit)`;
  });
}

function hex4(n: number): string {
  return n.toString(16).padStart(4, "0");
}
function counted(salt: string, kind: number, n: number): string {
  return `019a${salt}-${hex4(kind)}-7000-8000-${n.toString(16).padStart(12, "0")}`;
}
