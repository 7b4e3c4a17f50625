import type { Shape } from "../shape";
import type zh from "../zh-CN/audit";

export default {
  title: "Audit log",
  description:
    "Each change writes its entry in the same transaction; entries form a hash chain, so that none is altered unseen.",
  search: "Search by action, subject or actor",
  date: "Time",
  fields: {
    seq: "No.",
    at: "Time",
    actor: "Actor",
    action: "Action",
    subject: "Subject",
    subjectKind: "Kind of subject",
    subjectId: "Id of subject",
    party: "Party",
    ip: "Network address",
    requestId: "Request",
    hash: "Hash",
    prevHash: "Hash before",
  },
  actors: {
    system: "System",
    worker: "Background worker",
    setUp: "Set-up",
    signIn: "Sign-in",
    invitation: "Invitation",
    channel: "Payment channel",
    buyer: "Buyer",
  },
  actorKinds: { user: "User", apiKey: "API key", system: "System" },
  empty: { title: "No entries yet", description: "Entries appear here with the first change." },
  detail: {
    title: "Entry {seq}",
    data: "Content",
    noData: "No further content",
    field: "Field",
    from: "Before",
    to: "After",
    value: "Value",
    chain: "Hash chain",
    sameSubject: "All entries of this subject",
    sameActor: "All entries of this actor",
  },
  verify: {
    action: "Verify the chain",
    intact: "The chain is intact",
    intactDetail:
      "All {count} entries were computed anew; none was changed, taken away or added. Verified {time}",
    broken: "The chain breaks at entry {seq}",
    brokenDetail:
      "{count} entries were computed anew. From entry {seq} on they are not what was written: secure the database and its backups, and tell whoever is responsible for security. Verified {time}",
    openBroken: "Open this entry",
  },
} satisfies Shape<typeof zh>;
