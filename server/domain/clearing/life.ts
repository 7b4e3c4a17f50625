import { actorId, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { record } from "../audit";
import { startOfLocalDate } from "../calendar";
import { type Beginning, checkAfterEqual, checkNotPast, momentOfPublishing } from "./begins";
import { refuseProblems } from "./checks";
import { asksForFourEyes, refuseOwn, wasSubmitted } from "./four-eyes";
import type { Problem } from "./schemas";
import { sameInForce } from "./unchanged";
import type { VersionRow } from "./versions";

/**
 * The life of a version: draft → in review → scheduled, or refused, or withdrawn. One life for all that is written by
 * some and approved by others, each a kind with tables and checks of its own. The verbs ask for the permission and
 * open the transaction.
 */

/** What versions are of: a rule, a fee schedule. */
export interface Head {
  id: string;
  number: string;
  name: string;
}

/** `Fields`: of the head, what may change as long as nobody else has seen it. */
export interface Kind<H extends Head & Fields, Fields extends object> {
  /** In errors, and of what audit records are about. */
  noun: "rule" | "fee_schedule";
  /** Before the dot of audit actions. */
  action: "rule" | "fee";
  create(ctx: TxCtx, fields: Fields): Promise<H>;
  change(ctx: TxCtx, id: string, fields: Fields): Promise<void>;
  /** Undefined where the tenant has none; else locked until commit. */
  lock(ctx: TxCtx, id: string): Promise<H | undefined>;
  /** Newest first. */
  versions(ctx: TxCtx, of: { headId: string } | { id: string }): Promise<VersionRow[]>;
  insert(ctx: TxCtx, version: NewVersion): Promise<void>;
  update(ctx: TxCtx, id: string, set: Partial<Omit<VersionRow, "id" | "headId">>): Promise<void>;
  /** All that keeps a version's text from being in force. */
  problems(ctx: TxCtx, head: H, version: VersionRow): Promise<Problem[]>;
  /** What is wrong with beginning then, among the versions that there are. */
  dateProblems(ctx: TxCtx, version: VersionRow, from: Date, versions: readonly VersionRow[]): Problem[];
  /** The definition that a draft without problems is. */
  definitionOf(head: H, version: VersionRow): unknown;
}

type Given = "id" | "headId" | "version" | "state" | "definition" | "createdByName" | "createdAt";
type NewVersion = Pick<VersionRow, Given> & Partial<VersionRow>;

/** What a draft says; `effectiveFrom` a day of the tenant's zone, null: as soon as it is published. */
export interface DraftText {
  definition: unknown;
  effectiveFrom: string | null;
  note: string;
  checked?: unknown;
}

/**
 * Saves a draft as it is, complete or not; there is one at most. Clearing never sees it.
 * @throws DomainError NOT_FOUND · CONFLICT somebody else saved it meanwhile, or submitted it
 */
export async function saveDraft<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  draft: { headId?: string; revision?: number; fields: F; text: DraftText },
): Promise<{ id: string; version: number; revision: number }> {
  const head = draft.headId ? await lockHead(ctx, kind, draft.headId) : await kind.create(ctx, draft.fields);
  const versions = await kind.versions(ctx, { headId: head.id });
  const open = versions.find(({ state }) => state === "draft");
  if (open?.revision !== draft.revision) throw conflict(kind, open);
  if (!versions.some(wasSubmitted)) await changeHead(ctx, kind, head, draft.fields);
  const saved = open
    ? await updateDraft(ctx, kind, open, draft.text)
    : await insertDraft(ctx, kind, head.id, versions, draft.text);
  await record(ctx, {
    action: `${kind.action}.${open ? "draft_saved" : "draft_started"}`,
    subject: { kind: kind.noun, id: head.id },
    data: { number: head.number, version: saved.version, revision: saved.revision },
  });
  return { id: head.id, ...saved };
}

/** Throws a draft away; it stays in the record as withdrawn. */
export async function discardDraft<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  { headId, revision }: { headId: string; revision: number },
): Promise<void> {
  const head = await lockHead(ctx, kind, headId);
  const draft = draftAt(kind, await kind.versions(ctx, { headId }), revision);
  await kind.update(ctx, draft.id, {
    state: "withdrawn",
    withdrawnAt: ctx.clock.now(),
    withdrawnByName: ctx.actor.name,
  });
  await record(ctx, {
    action: `${kind.action}.draft_discarded`,
    subject: { kind: kind.noun, id: headId },
    data: { number: head.number, version: draft.version },
  });
}

/**
 * Sends a draft to review or, with `publish`, brings it into force where one person may. From here on its text never
 * changes.
 * @throws DomainError RULE_INVALID with what is wrong and where · RULE_OWN_DRAFT the tenant asks for four eyes ·
 *   RULE_UNCHANGED it says what holds then anyway · CONFLICT
 */
export async function submitDraft<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  { headId, revision, publish }: { headId: string; revision: number; publish: boolean },
): Promise<{ version: number; state: "in_review" | "scheduled" }> {
  const head = await lockHead(ctx, kind, headId);
  const versions = await kind.versions(ctx, { headId });
  const draft = draftAt(kind, versions, revision);
  if (publish) refuseOwn(ctx, kind.noun, { ...draft, editors: [...draft.editors, actorId(ctx.actor) ?? ""] });
  if (head.name === "") refuseProblems([{ code: "VALUE_MISSING", path: ["name"] }], kind.noun);
  refuseProblems(await kind.problems(ctx, head, draft), kind.noun);
  checkNotPast(ctx, kind.noun, draft.effectiveFrom);
  const atOnce = publish && draft.effectiveFrom === null;
  const now = atOnce ? await momentOfPublishing(ctx) : ctx.clock.now();
  refuseProblems(kind.dateProblems(ctx, draft, draft.effectiveFrom ?? now, versions), kind.noun);
  const state = publish ? "scheduled" : "in_review";
  const effectiveFrom = draft.effectiveFrom ?? (publish ? now : null);
  if (publish) checkAfterEqual(kind.noun, draft, effectiveFrom, versions);
  const version = Math.max(...versions.filter(({ id }) => id !== draft.id).map((v) => v.version), 0) + 1;
  const definition = kind.definitionOf(head, draft);
  refuseUnchanged(kind.noun, definition, effectiveFrom ?? now, versions);
  const by = { id: actorId(ctx.actor), name: ctx.actor.name };
  await kind.update(ctx, draft.id, {
    state,
    version,
    definition,
    effectiveFrom,
    submittedAt: now,
    submittedBy: by.id,
    submittedByName: by.name,
    ...(publish && { reviewedAt: now, reviewedBy: by.id, reviewedByName: by.name }),
  });
  await record(ctx, {
    action: `${kind.action}.${publish ? "version_published" : "version_submitted"}`,
    subject: { kind: kind.noun, id: headId },
    data: {
      number: head.number,
      version,
      effectiveFrom: effectiveFrom?.toISOString() ?? null,
      note: draft.note,
      definition,
    },
  });
  return { version, state };
}

/**
 * Brings a version in review into force, on its day or at once.
 * @throws DomainError CONFLICT it is not in review any more · RULE_OWN_DRAFT · RULE_INVALID its day is past, or what it
 *   names is gone · RULE_UNCHANGED it says what by now holds then anyway
 */
export async function approveVersion<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  { versionId, atOnce }: { versionId: string; atOnce: boolean },
): Promise<{ effectiveFrom: Date }> {
  const { head, version, versions } = await lockVersion(ctx, kind, versionId);
  if (version.state !== "in_review") throw conflict(kind, version);
  refuseOwn(ctx, kind.noun, version);
  const onDay = atOnce ? null : version.effectiveFrom;
  const now = onDay ? ctx.clock.now() : await momentOfPublishing(ctx);
  const effectiveFrom = onDay ?? now;
  checkNotPast(ctx, kind.noun, effectiveFrom);
  refuseProblems(await kind.problems(ctx, head, version), kind.noun);
  refuseProblems(kind.dateProblems(ctx, version, effectiveFrom, versions), kind.noun);
  checkAfterEqual(kind.noun, version, effectiveFrom, versions);
  refuseUnchanged(kind.noun, version.definition, effectiveFrom, versions);
  await kind.update(ctx, versionId, {
    state: "scheduled",
    effectiveFrom,
    reviewedAt: now,
    reviewedBy: actorId(ctx.actor),
    reviewedByName: ctx.actor.name,
  });
  await record(ctx, {
    action: `${kind.action}.version_published`,
    subject: { kind: kind.noun, id: head.id },
    data: {
      number: head.number,
      version: version.version,
      effectiveFrom: effectiveFrom.toISOString(),
      draftedBy: version.createdByName,
      definition: version.definition,
    },
  });
  return { effectiveFrom };
}

/** Refuses a version in review; the reason stays in its record. */
export async function refuseVersion<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  { versionId, reason }: { versionId: string; reason: string },
): Promise<void> {
  const { head, version } = await lockVersion(ctx, kind, versionId);
  if (version.state !== "in_review") throw conflict(kind, version);
  await kind.update(ctx, versionId, {
    state: "refused",
    refusalReason: reason,
    reviewedAt: ctx.clock.now(),
    reviewedBy: actorId(ctx.actor),
    reviewedByName: ctx.actor.name,
  });
  await record(ctx, {
    action: `${kind.action}.version_refused`,
    subject: { kind: kind.noun, id: head.id },
    data: { number: head.number, version: version.version, reason },
  });
}

/** Takes back a version that is in review or has not begun yet. Throws CONFLICT once it is in force. */
export async function withdrawVersion<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  { versionId, reason }: { versionId: string; reason: string },
): Promise<void> {
  const { head, version } = await lockVersion(ctx, kind, versionId);
  const { state, effectiveFrom } = version;
  const pending = state === "scheduled" && effectiveFrom !== null && effectiveFrom > ctx.clock.now();
  if (!pending && state !== "in_review") throw conflict(kind, version);
  if (pending) {
    const rest = (await kind.versions(ctx, { headId: head.id })).filter(({ id }) => id !== versionId);
    // it is followed by what would now follow another one, maybe within a month
    for (const next of rest)
      if (next.state === "scheduled" && next.effectiveFrom !== null && next.effectiveFrom > effectiveFrom)
        refuseProblems(kind.dateProblems(ctx, next, next.effectiveFrom, rest), kind.noun);
  }
  await kind.update(ctx, versionId, {
    state: "withdrawn",
    withdrawnAt: ctx.clock.now(),
    withdrawnByName: ctx.actor.name,
    withdrawalReason: reason,
  });
  await record(ctx, {
    action: `${kind.action}.version_withdrawn`,
    subject: { kind: kind.noun, id: head.id },
    data: { number: head.number, version: version.version, reason },
  });
}

/** Inserts a version of the plain forms: submitted as it is made and, but for four eyes, published by whom it was made. */
export async function insertSubmitted<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  made: { headId: string; version: number; definition: unknown; note?: string } & Beginning,
): Promise<void> {
  const by = { id: actorId(ctx.actor), name: ctx.actor.name };
  const now = ctx.clock.now();
  const reviewed = asksForFourEyes(ctx)
    ? null
    : { reviewedBy: by.id, reviewedByName: by.name, reviewedAt: now };
  await kind.insert(ctx, {
    id: newId(),
    headId: made.headId,
    version: made.version,
    state: reviewed ? "scheduled" : "in_review",
    effectiveFrom: reviewed || made.onDay ? made.effectiveFrom : null,
    definition: made.definition,
    note: made.note ?? null,
    createdBy: by.id,
    createdByName: by.name,
    createdAt: now,
    editors: by.id ? [by.id] : [],
    submittedBy: by.id,
    submittedByName: by.name,
    submittedAt: now,
    ...reviewed,
  });
}

/** Throws RULE_UNCHANGED where a definition in force from then on would change nothing, whatever its date and note. */
export function refuseUnchanged(
  noun: string,
  definition: unknown,
  from: Date,
  versions: readonly VersionRow[],
): void {
  const published = versions.filter(({ state }) => state === "scheduled");
  const same = sameInForce(published, definition, from);
  if (same) throw new DomainError("RULE_UNCHANGED", { noun, version: same.version });
}

/** The head first, always, so that nobody waits for each other in a circle. Throws NOT_FOUND. */
export async function lockHead<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  id: string,
): Promise<H> {
  const head = await kind.lock(ctx, id);
  if (!head) throw new DomainError("NOT_FOUND", { noun: kind.noun, id });
  return head;
}

/** Of a version's head, and the version as it is once the head is locked. Throws NOT_FOUND. */
async function lockVersion<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  versionId: string,
): Promise<{ head: H; version: VersionRow; versions: VersionRow[] }> {
  const [found] = await kind.versions(ctx, { id: versionId });
  if (!found) throw new DomainError("NOT_FOUND", { noun: kind.noun, id: versionId });
  const head = await lockHead(ctx, kind, found.headId);
  const versions = await kind.versions(ctx, { headId: head.id });
  return { head, version: versions.find(({ id }) => id === versionId) ?? found, versions };
}

function draftAt(
  kind: Pick<Kind<Head, object>, "noun">,
  versions: readonly VersionRow[],
  revision: number,
): VersionRow {
  const draft = versions.find(({ state }) => state === "draft");
  if (draft?.revision !== revision) throw conflict(kind, draft);
  return draft;
}

/** Clearing is told of each change of a head: only what is another one is written. */
async function changeHead<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  head: H,
  fields: F,
): Promise<void> {
  const kept: F = head;
  const same = (Object.keys(fields) as (keyof F)[]).every((key) => kept[key] === fields[key]);
  if (!same) await kind.change(ctx, head.id, fields);
}

async function insertDraft<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  headId: string,
  versions: readonly VersionRow[],
  text: DraftText,
): Promise<{ version: number; revision: number }> {
  const version = (versions[0]?.version ?? 0) + 1;
  const self = actorId(ctx.actor);
  await kind.insert(ctx, {
    id: newId(),
    headId,
    version,
    state: "draft",
    revision: 1,
    createdBy: self,
    createdByName: ctx.actor.name,
    createdAt: ctx.clock.now(),
    editors: self ? [self] : [],
    ...textOf(ctx, text),
  });
  return { version, revision: 1 };
}

async function updateDraft<H extends Head & F, F extends object>(
  ctx: TxCtx,
  kind: Kind<H, F>,
  open: VersionRow,
  text: DraftText,
): Promise<{ version: number; revision: number }> {
  const revision = open.revision + 1;
  const self = actorId(ctx.actor);
  await kind.update(ctx, open.id, {
    ...textOf(ctx, text),
    revision,
    editors: [...new Set([...open.editors, ...(self ? [self] : [])])],
  });
  return { version: open.version, revision };
}

function textOf(ctx: TxCtx, { definition, effectiveFrom, note, checked }: DraftText) {
  return {
    definition,
    effectiveFrom: effectiveFrom ? startOfLocalDate(effectiveFrom, ctx.tenant.timezone) : null,
    note: note || null,
    checked: checked ?? null,
    updatedAt: ctx.clock.now(),
  };
}

function conflict({ noun }: Pick<Kind<Head, object>, "noun">, version: VersionRow | undefined): DomainError {
  return new DomainError("CONFLICT", { noun, version: version?.version });
}
