/** One flow of money, in minor units. */
export interface Flow {
  id: string;
  from: string;
  to: string;
  label: string;
  amount: bigint;
}

export interface FlowNode {
  name: string;
  side: "from" | "leg" | "to";
  amount: bigint;
}

/**
 * Flows as a graph in three columns. A party that pays and gets has a node on either side, so that there is never a
 * circle. Numbers are for pixels alone: parts of the largest flow.
 */
export function flowGraph(flows: readonly Flow[]): {
  nodes: FlowNode[];
  links: { source: number; target: number; value: number }[];
} {
  const nodes: FlowNode[] = [];
  const index = new Map<string, number>();
  const node = (side: FlowNode["side"], key: string, name: string, amount: bigint): number => {
    const at = index.get(`${side}/${key}`);
    const known = at === undefined ? undefined : nodes[at];
    if (at !== undefined && known) {
      known.amount += amount;
      return at;
    }
    index.set(`${side}/${key}`, nodes.length);
    nodes.push({ name, side, amount });
    return nodes.length - 1;
  };
  let largest = 1n;
  for (const { amount } of flows) if (amount > largest) largest = amount;
  const links = flows
    .filter(({ amount }) => amount > 0n)
    .flatMap(({ id, from, to, label, amount }) => {
      const source = node("from", from, from, amount);
      const middle = node("leg", id, label, amount);
      const target = node("to", to, to, amount);
      const value = Math.max(1, Number((amount * 10_000n) / largest));
      return [
        { source, target: middle, value },
        { source: middle, target, value },
      ];
    });
  return { nodes, links };
}
