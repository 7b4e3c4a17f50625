import type { TaskName } from "@/server/domain/outbox";

/** What is done for every tenant again and again. The queue sees to it that each time counts once, however many workers there are. */
export const REGULAR = [
  { task: "roll-up", cron: "* * * * *" },
  { task: "close-due", cron: "* * * * *" },
  { task: "expire-vouchers", cron: "*/10 * * * *" },
  { task: "expire-cards", cron: "* * * * *" },
  { task: "expire-orders", cron: "* * * * *" },
  { task: "ask-channels", cron: "* * * * *" },
  { task: "send-refunds", cron: "* * * * *" },
  { task: "forget-answers", cron: "17 3 * * *" },
] as const satisfies readonly { task: TaskName /** As in crontab, UTC. */; cron: string }[];

/** Name of the queue's own task that leaves a regular one for each tenant. */
export const forEachTenant = (task: TaskName) => `for-each-tenant:${task}`;

/** The queue's crontab; a time that passed while no worker ran is not made up for, as each does all there is. */
export function crontab(): string {
  return REGULAR.map(({ task, cron }) => `${cron} ${forEachTenant(task)} ?jobKey=${task}&max=3`).join("\n");
}
