export { enqueue, type TaskName } from "./enqueue";
export { advanceJob, cancelJob, getJob, type JobRun, listJobs } from "./runs";
export { type JobKind, startJob } from "./start-job";
