import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, inject } from "vitest";
import { connect, type Database } from "@/db/client";

export interface TestDatabase {
  /** The owner's address: for child processes, `connect(url)` makes it the application's. */
  url: string;
  /** Connected as the application: subject to row-level security. */
  db: Database;
  /** Connected as the owner: sees every tenant's rows. */
  owner: Database;
}

let opened: Promise<TestDatabase> | undefined;
let drop = async () => {};
afterAll(() => drop());

/** The migrated, empty database of this test file; dropped after its last test. */
export function testDatabase(): Promise<TestDatabase> {
  opened ??= copyTemplate();
  return opened;
}

async function copyTemplate(): Promise<TestDatabase> {
  const template = new URL(inject("templateUrl"));
  const source = template.pathname.slice(1);
  const name = `t_${randomUUID().replaceAll("-", "")}`;
  const admin = new URL(template);
  admin.pathname = "/postgres";
  await command(admin, `create database ${name} template ${source} strategy file_copy`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  const db = connect(url.href, { max: 10 });
  const owner = connect(url.href, { as: "owner", max: 4 });
  drop = async () => {
    await Promise.all([db.close(), owner.close()]);
    await command(admin, `drop database if exists ${name} with (force)`);
  };
  return { url: url.href, db, owner };
}

async function command(url: URL, text: string): Promise<void> {
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(text);
  } finally {
    await sql.end();
  }
}
