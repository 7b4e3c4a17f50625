/** When a channel is asked about an attempt that it has told nothing of. Times in milliseconds. */

/** A callback comes sooner. */
export const FIRST_ASK_MS = 20_000;
/** While the buyer may pay: so often that a lost callback is found within a minute. */
const WHILE_OPEN_MS = [25_000, 30_000, 40_000];
const OPEN_AT_MOST_MS = 45_000;
/** After the attempt was closed, for money that was on its way; counted from the end of the order's time. */
const AFTER_MS = [600_000, 3_600_000, 21_600_000, 86_400_000];
/** A second payment under an attempt that is settled is looked for once the order's time is over. */
export const LAST_LOOK_MS = 60_000;
/** Of a channel that does not answer. */
const UNREACHABLE_MS = 15_000;

/** @param asked how often it was asked by now */
export function nextAsk(
  now: Date,
  attempt: { isOpen: boolean; expiresAt: Date; asked: number; isUnreachable: boolean },
): Date | null {
  const at = (ms: number) => new Date(now.getTime() + ms);
  if (attempt.isUnreachable) return at(UNREACHABLE_MS * Math.min(2 ** Math.max(0, attempt.asked - 20), 240));
  if (attempt.isOpen) {
    const next = at(WHILE_OPEN_MS[attempt.asked - 1] ?? OPEN_AT_MOST_MS);
    const end = new Date(attempt.expiresAt.getTime() + 1_000);
    return next < end || end <= now ? next : end;
  }
  const since = now.getTime() - attempt.expiresAt.getTime();
  const after = AFTER_MS.find((ms) => ms > since);
  return after === undefined ? null : new Date(attempt.expiresAt.getTime() + after);
}
