import { expect, it } from "vitest";
import { flowGraph } from "./flow";

it("parts a party that pays and gets, and leaves out what is nothing", () => {
  const { nodes, links } = flowGraph([
    { id: "a", from: "merchant", to: "platform", label: "commission", amount: 200n },
    { id: "b", from: "platform", to: "merchant", label: "subsidy", amount: 600n },
    { id: "c", from: "brand", to: "merchant", label: "nothing", amount: 0n },
    { id: "d", from: "brand", to: "merchant", label: "subsidy", amount: 1n },
  ]);
  expect(nodes.map(({ name, side, amount }) => [name, side, amount])).toEqual([
    ["merchant", "from", 200n],
    ["commission", "leg", 200n],
    ["platform", "to", 200n],
    ["platform", "from", 600n],
    ["subsidy", "leg", 600n],
    ["merchant", "to", 601n],
    ["brand", "from", 1n],
    ["subsidy", "leg", 1n],
  ]);
  expect(links.every(({ source, target }) => source !== target)).toBe(true);
  expect(links.at(-1)?.value).toBe(16);
});
