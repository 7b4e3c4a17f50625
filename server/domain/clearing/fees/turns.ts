/**
 * The order in which the transactions of this process that guess the months of fee schedules price and post, by tenant.
 * Only a matter of speed: `writeMonths` sees in the database whether each month stood where it was priced from.
 *
 * They price one after the other, each going on from where the one before has left the months, and post in the same
 * order. Who has to read months from the database waits until those before it have written theirs, and lets nobody
 * price until it has priced: what it read would stand elsewhere.
 */
interface Line {
  /** When the last one in the line has priced, and when it has written its months. */
  priced: Promise<void>;
  written: Promise<void>;
}
const lines = new Map<string, Line>();
const READY = Promise.resolve();

/** Who never comes to its end must not hold up the others: they go on without it. */
const LONGEST_MS = 500;

function lineOf(tenantId: string): Line {
  let line = lines.get(tenantId);
  if (!line) {
    line = { priced: READY, written: READY };
    lines.set(tenantId, line);
  }
  return line;
}

/** A transaction's place in the line, from before it knows its months until it has priced. */
export class Pricing {
  private constructor(
    private readonly line: Line,
    /** Ends it. */
    readonly end: () => void,
  ) {}

  /** Null if the others take too long: who goes on without a place guesses nothing. */
  static async begin(tenantId: string): Promise<Pricing | null> {
    const line = lineOf(tenantId);
    const before = line.priced;
    const { promise, resolve } = Promise.withResolvers<void>();
    line.priced = Promise.all([before, promise]).then(() => {});
    if (await inTime(before)) return new Pricing(line, resolve);
    resolve();
    return null;
  }

  /** That all who have priced have written. */
  async othersHaveWritten(): Promise<void> {
    await inTime(this.line.written);
  }

  /** The turn to post, behind all who have priced before. */
  turn(): Turn {
    const before = this.line.written;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.line.written = promise;
    return { before, end: resolve };
  }
}

/** Of a transaction that guesses: ends when it has written its months, and begins when the one before has. */
export interface Turn {
  readonly before: Promise<void>;
  readonly end: () => void;
}

export async function turnBegins({ before }: Turn): Promise<void> {
  await inTime(before);
}

async function inTime(promise: Promise<void>): Promise<boolean> {
  if (promise === READY) return true;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), LONGEST_MS);
  });
  const inTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
