import fs from "node:fs";
import type { Database } from "@/db/client";
import type { Say } from "./say";

export interface SignIn {
  role: string;
  email: string;
  password: string;
}

export type SeedName = "demo" | "e2e" | "none";

export function seedName(): SeedName {
  const name = process.env.KAQING_SEED || "demo";
  if (name === "demo" || name === "e2e" || name === "none") return name;
  throw new Error(`KAQING_SEED is "demo", "e2e" or "none", not "${name}".`);
}

interface Seed {
  load(owner: Database): Promise<unknown>;
  signIns: readonly SignIn[];
}

/** Loaded when needed only: a seed draws in the whole domain. */
async function findSeed(name: SeedName): Promise<Seed | null> {
  switch (name) {
    case "demo": {
      const { seedDemo, demoSignIns } = await import("@/db/seed/demo");
      return { load: seedDemo, signIns: demoSignIns };
    }
    case "e2e": {
      const { seedE2e, e2eSignIns } = await import("@/db/seed/e2e");
      return { load: seedE2e, signIns: e2eSignIns };
    }
    case "none":
      return null;
  }
}

const BEGUN = "seeding has begun";

/** True if an earlier seeding was interrupted: what lies in the database is half a tenant. */
export async function isHalfSeeded(owner: Database): Promise<boolean> {
  const [row] = await owner.sql`select obj_description('drizzle'::regnamespace) as note`;
  return row?.note === BEGUN;
}

/** Fills a database without tenants but those of scenarios; returns the sign-ins it knows of this seed's. */
export async function seedIfEmpty(owner: Database, say: Say): Promise<readonly SignIn[]> {
  const seed = await findSeed(seedName());
  if (!seed) return [];
  const [tenant] = await owner.sql`
    select 1 from tenants where not slug = any (${owner.sql.array(scenarioNames())}) limit 1`;
  if (!tenant) {
    say(`Loading the ${seedName()} data …`);
    const began = Date.now();
    await owner.sql.unsafe(`comment on schema drizzle is '${BEGUN}'`);
    await seed.load(owner);
    // What was loaded in a minute is planned by statistics of now, not by those of an empty house.
    await owner.sql.unsafe("analyze");
    await owner.sql.unsafe("comment on schema drizzle is null");
    say(`Loaded in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
  }
  return signInsOf(owner, seed);
}

/** A scenario's tenant bears its name. */
function scenarioNames(): string[] {
  return fs.readdirSync("server/ops/scenarios").map((file) => file.replace(/\.ts$/, ""));
}

/** Those of the seed's sign-ins that the database knows: an existing one may hold other people's tenants. */
async function signInsOf(owner: Database, seed: Seed): Promise<readonly SignIn[]> {
  const emails = seed.signIns.map((signIn) => signIn.email.toLowerCase());
  const rows = await owner.sql`select email from sign_in_names where email in ${owner.sql(emails)}`;
  const known = new Set(rows.map((row) => row.email as string));
  return seed.signIns.filter((signIn) => known.has(signIn.email.toLowerCase()));
}
