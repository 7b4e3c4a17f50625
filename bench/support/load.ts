import { quantile } from "./bench";
import { HttpConnection, type HttpReply } from "./http";

export interface LoadResult {
  requests: number;
  seconds: number;
  perSecond: number;
  p50: number;
  p99: number;
}

/**
 * Keeps `connections` requests in flight for `seconds`, after some seconds of warming up that do not count.
 * `next` makes a request, `check` looks at its reply and throws if it is not what was asked for.
 */
export async function load(
  port: number,
  options: {
    connections: number;
    seconds: number;
    warmUpSeconds?: number;
    next(): string | null;
    check(reply: HttpReply): void;
  },
): Promise<LoadResult> {
  const connections = await Promise.all(
    Array.from({ length: options.connections }, () => HttpConnection.open(port)),
  );
  const warmUntil = performance.now() + (options.warmUpSeconds ?? 2) * 1_000;
  const until = warmUntil + options.seconds * 1_000;
  const latencies: number[] = [];
  const run = async (connection: HttpConnection) => {
    for (;;) {
      const request = options.next();
      if (request === null) throw new Error("the load has run out of requests: the scenario is too small");
      const began = performance.now();
      if (began >= until) return;
      const reply = await connection.send(request);
      options.check(reply);
      const ended = performance.now();
      if (ended >= warmUntil && ended <= until) latencies.push(ended - began);
    }
  };
  try {
    await Promise.all(connections.map(run));
  } finally {
    for (const connection of connections) connection.close();
  }
  latencies.sort((a, b) => a - b);
  return {
    requests: latencies.length,
    seconds: options.seconds,
    perSecond: latencies.length / options.seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}
