import type { Operation } from "./operation";

export type Match =
  | { kind: "found"; operation: Operation; params: Record<string, string> }
  | { kind: "wrong_method"; allow: string[] }
  | { kind: "unknown" };

/** Finds the operation of a method and a path (without the prefix). Plain paths, nearly all of them, by one look-up. */
export function makeRouter(operations: readonly Operation[]): (method: string, path: string) => Match {
  const plain = new Map<string, Operation[]>();
  const patterns: { pattern: RegExp; operations: Operation[] }[] = [];
  for (const operation of operations) {
    if (!operation.path.includes("{")) {
      plain.set(operation.path, [...(plain.get(operation.path) ?? []), operation]);
      continue;
    }
    const pattern = patternOf(operation.path);
    const known = patterns.find((p) => p.pattern.source === pattern.source);
    if (known) known.operations.push(operation);
    else patterns.push({ pattern, operations: [operation] });
  }
  return (method, path) => {
    const exact = plain.get(path);
    if (exact) return choose(exact, method, {});
    for (const { pattern, operations: candidates } of patterns) {
      const match = pattern.exec(path);
      if (match) return choose(candidates, method, { ...match.groups });
    }
    return { kind: "unknown" };
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

function choose(operations: readonly Operation[], method: string, params: Record<string, string>): Match {
  const operation = operations.find((o) => o.method === method || (method === "HEAD" && o.method === "GET"));
  if (operation) return { kind: "found", operation, params };
  return { kind: "wrong_method", allow: [...new Set(operations.map((o) => o.method))].sort() };
}
