import type { Shape } from "../shape";
import type zh from "../zh-CN/jobs";

export default {
  title: "Background jobs",
  description:
    "Imports, bulk issues and other long work: see how far it is, stop it, and find it going on after a restart.",
  label: "Background jobs",
  kind: "Job",
  kinds: {
    "issue-vouchers": "Bulk issue",
    "void-vouchers": "Bulk void",
    "import-sales": "Import of sales",
    "import-keys": "Import of keys",
    replay: "Replay of a change",
  },
  state: "State",
  states: { queued: "Waiting", running: "Running", done: "Done", failed: "Failed", cancelled: "Stopped" },
  stopping: "Stopping",
  progress: "Progress",
  of: "{done} / {total}",
  by: "By",
  createdAt: "Asked for",
  finishedAt: "Ended",
  cancel: "Stop",
  cancelTitle: "Stop “{name}”?",
  cancelBody: "What is done stays done; the rest is left undone.",
  cancelled: "Asked to stop",
  open: "View",
  filterKind: "Kind of job",
  empty: "No background jobs",
  emptyHint: "Imports and bulk issues show their progress here.",
} satisfies Shape<typeof zh>;
