import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytes, id, instant, tenantId } from "../columns";

/**
 * Append-only, hash-chained per tenant: `hash = sha256(prev_hash ‖ canonical text of the row)`.
 * Written by the SQL function `audit_append` alone, in the transaction of the change.
 */
export const auditLog = pgTable(
  "audit_log",
  {
    tenantId: tenantId(),
    seq: bigint("seq", { mode: "bigint" }).notNull(),
    at: instant("at").notNull(),
    actorKind: text("actor_kind").notNull(),
    actorId: uuid("actor_id"),
    actorName: text("actor_name").notNull(),
    action: text("action").notNull(),
    subjectKind: text("subject_kind").notNull(),
    subjectId: text("subject_id").notNull(),
    partyId: uuid("party_id"),
    data: jsonb("data").notNull(),
    requestId: text("request_id").notNull(),
    ip: text("ip"),
    prevHash: bytes("prev_hash").notNull(),
    hash: bytes("hash").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.seq] }),
    index("audit_log_by_subject").on(t.tenantId, t.subjectKind, t.subjectId, t.seq),
    index("audit_log_by_actor").on(t.tenantId, t.actorId, t.seq),
    index("audit_log_by_action").on(t.tenantId, t.action, t.seq),
    index("audit_log_by_time").on(t.tenantId, t.at),
  ],
);

/** The end of each tenant's chain. */
export const auditHeads = pgTable("audit_heads", {
  tenantId: uuid("tenant_id").primaryKey(),
  seq: bigint("seq", { mode: "bigint" }).notNull(),
  hash: bytes("hash").notNull(),
});

/** The stored result of a mutating call from outside. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    tenantId: tenantId(),
    /** Whose key it is: the API key's or the user's id. */
    scope: text("scope").notNull(),
    key: text("key").notNull(),
    verb: text("verb").notNull(),
    inputHash: bytes("input_hash").notNull(),
    status: integer("status").notNull(),
    response: jsonb("response"),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.scope, t.key] }),
    index("idempotency_keys_by_age").on(t.tenantId, t.createdAt),
  ],
);

/** A long piece of work: import, bulk issue, expiry, closing. Runs in the worker; survives restarts. */
export const jobRuns = pgTable(
  "job_runs",
  {
    tenantId: tenantId(),
    id: id(),
    kind: text("kind").notNull(),
    state: text("state", { enum: ["queued", "running", "done", "failed", "cancelled"] }).notNull(),
    /** Units done and to do, e.g. lines or codes. */
    progress: bigint("progress", { mode: "number" }).notNull().default(0),
    total: bigint("total", { mode: "number" }),
    params: jsonb("params").$type<Record<string, unknown>>().notNull(),
    /** What a restarted job goes on from. */
    checkpoint: jsonb("checkpoint").$type<Record<string, unknown>>(),
    result: jsonb("result").$type<Record<string, unknown>>(),
    error: jsonb("error").$type<{ code: string; params: Record<string, unknown> }>(),
    cancelRequestedAt: instant("cancel_requested_at"),
    createdBy: uuid("created_by"),
    createdByName: text("created_by_name").notNull(),
    createdAt: instant("created_at").notNull(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("job_runs_by_kind").on(t.tenantId, t.kind, t.id),
  ],
);

/** Uploaded and made files, kept in pieces so that any server can stream them. */
export const files = pgTable(
  "files",
  {
    tenantId: tenantId(),
    id: id(),
    name: text("name").notNull(),
    mediaType: text("media_type").notNull(),
    size: bigint("size", { mode: "number" }).notNull(),
    sha256: bytes("sha256").notNull(),
    createdBy: uuid("created_by"),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

export const fileChunks = pgTable(
  "file_chunks",
  {
    tenantId: tenantId(),
    fileId: uuid("file_id").notNull(),
    seq: integer("seq").notNull(),
    content: bytes("content").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.fileId, t.seq] })],
);
