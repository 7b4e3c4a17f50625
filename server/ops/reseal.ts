import { BYTEA, type Database } from "@/db/client";
import { currentMasterKeyId, open, type Purpose, seal } from "@/server/core/secrets";

/** A column of sealed secrets, and where each is bound to. */
interface SealedColumn {
  table: string;
  column: string;
  purpose: Purpose;
  /** Column that, with the tenant, names the row and the place. */
  key: string;
  /** A second part of both, a number. */
  part?: string;
  /** Rows that are sealed at all. */
  where?: string;
  /** Column that repeats the master key's id. */
  keyIdColumn?: string;
  atOnce: number;
}

/** Everything that a master key seals. Keys of the stock hang on their batch's data key, and need not be touched. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: "card_batches",
    column: "data_key_sealed",
    purpose: "card.data_key",
    key: "id",
    keyIdColumn: "master_key_id",
    atOnce: 200,
  },
  { table: "vouchers", column: "code_sealed", purpose: "voucher.code", key: "id", atOnce: 1_000 },
  { table: "vouchers", column: "dynamic_sealed", purpose: "voucher.dynamic", key: "id", atOnce: 1_000 },
  { table: "parties", column: "bank_account_sealed", purpose: "bank_account", key: "id", atOnce: 200 },
  { table: "users", column: "totp_sealed", purpose: "totp", key: "id", atOnce: 200 },
  { table: "orders", column: "contact_sealed", purpose: "order.contact", key: "id", atOnce: 1_000 },
  {
    table: "payment_channels",
    column: "secret_sealed",
    purpose: "channel.secret",
    key: "party_id",
    atOnce: 200,
  },
  {
    table: "file_chunks",
    column: "content",
    purpose: "card.file",
    key: "file_id",
    part: "seq",
    where: `exists (select from files f where f.tenant_id = t.tenant_id and f.id = t.file_id
      and f.media_type like 'text/plain; charset=%; lines=%')`,
    atOnce: 8,
  },
];

export interface Resealed {
  column: string;
  resealed: number;
  /** Secrets that no known key opens. They stay as they are. */
  unreadable: number;
}

/**
 * Seals anew, with the newest master key, whatever another one has sealed, some rows a transaction. What was done
 * stays done: after a crash the next run finds only what is left.
 * @param owner sees every tenant's rows
 * @param progress called after each transaction; what it throws ends the run there
 */
export async function resealAll(
  owner: Database,
  progress: (column: string, resealed: number) => void = () => {},
  scale = 1,
): Promise<Resealed[]> {
  const results: Resealed[] = [];
  for (const sealed of SEALED_COLUMNS) {
    const column = `${sealed.table}.${sealed.column}`;
    const result: Resealed = { column, resealed: 0, unreadable: 0 };
    let after: Place | null = null;
    do {
      const step: Step = await resealSome(
        owner,
        sealed,
        after,
        Math.max(1, Math.round(sealed.atOnce * scale)),
      );
      after = step.last;
      result.resealed += step.resealed;
      result.unreadable += step.unreadable;
      if (step.resealed > 0) progress(column, result.resealed);
    } while (after);
    results.push(result);
  }
  return results;
}

/** How many secrets are sealed with another key than the newest, by column. */
export async function countLeft(owner: Database): Promise<{ column: string; left: number }[]> {
  const counts: { column: string; left: number }[] = [];
  for (const sealed of SEALED_COLUMNS) {
    const [row] = await owner.sql.unsafe<{ left: bigint }[]>(
      `select count(*) as left from ${sealed.table} t where ${elsewhere(sealed)}`,
    );
    counts.push({ column: `${sealed.table}.${sealed.column}`, left: Number(row?.left ?? 0) });
  }
  return counts;
}

interface Place {
  tenant: string;
  key: string;
  part: number;
}
interface Step {
  last: Place | null;
  resealed: number;
  unreadable: number;
}

function resealSome(owner: Database, c: SealedColumn, after: Place | null, count: number): Promise<Step> {
  const part = c.part ?? "0";
  const behind = after
    ? `and (t.tenant_id, t.${c.key}, ${c.part ? `t.${c.part}` : "0"}) > ('${after.tenant}'::uuid, '${after.key}'::uuid, ${after.part})`
    : "";
  return owner.sql.begin(async (tx): Promise<Step> => {
    const rows = await tx.unsafe<(Place & { sealed: Buffer })[]>(
      `select t.tenant_id::text as tenant, t.${c.key}::text as key, ${part} as part, t.${c.column} as sealed
       from ${c.table} t where ${elsewhere(c)} ${behind} order by t.tenant_id, t.${c.key}${c.part ? `, t.${c.part}` : ""} limit ${count} for update`,
    );
    const fresh = rows.flatMap((row) => {
      const place = c.part ? `${row.tenant}/${row.key}/${row.part}` : `${row.tenant}/${row.key}`;
      try {
        return [{ ...row, sealed: seal(c.purpose, open(c.purpose, row.sealed, place), place) }];
      } catch {
        return [];
      }
    });
    if (fresh.length > 0) {
      await tx`
        update ${tx(c.table)} t set ${tx(c.column)} = n.sealed
          ${c.keyIdColumn ? tx`, ${tx(c.keyIdColumn)} = ${currentMasterKeyId()}` : tx``}
        from unnest(${fresh.map((row) => row.tenant)}::uuid[], ${fresh.map((row) => row.key)}::uuid[],
          ${fresh.map((row) => row.part)}::int[], ${tx.array(
            fresh.map((row) => row.sealed),
            BYTEA,
          )}::bytea[]) as n (tenant, key, part, sealed)
        where t.tenant_id = n.tenant and t.${tx(c.key)} = n.key ${c.part ? tx`and t.${tx(c.part)} = n.part` : tx``}`;
    }
    const last = rows.at(-1);
    return {
      last: last && rows.length === count ? { tenant: last.tenant, key: last.key, part: last.part } : null,
      resealed: fresh.length,
      unreadable: rows.length - fresh.length,
    };
  }) as Promise<Step>;
}

/** Sealed with another key than the newest: its id stands in bytes 2 to 5. */
function elsewhere(c: SealedColumn): string {
  const current = currentMasterKeyId();
  if (!/^[0-9a-f]{8}$/.test(current)) throw new Error("no key id");
  return `t.${c.column} is not null and substring(t.${c.column} from 2 for 4) <> '\\x${current}'::bytea ${c.where ? `and ${c.where}` : ""}`;
}
