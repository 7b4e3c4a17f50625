import { describe, expect, it } from "vitest";
import { barSegments } from "./band-bar";

const BANDS = [
  { from: "0", rate: "0.003" },
  { from: "1000", rate: "0.002" },
  { from: "5000", rate: "0.001" },
];
const filled = (volume: bigint) => barSegments(BANDS, volume).map((one) => one.filled);

describe("the bar of a month", () => {
  it("fills band by band, and what is beyond the last edge as a whole", () => {
    expect(filled(0n)).toEqual([0, 0, 0]);
    expect(filled(250n)).toEqual([250, 0, 0]);
    expect(filled(1000n)).toEqual([1000, 0, 0]);
    expect(filled(2000n)).toEqual([1000, 250, 0]);
    expect(filled(5000n)).toEqual([1000, 1000, 1000]);
  });

  it("marks the band that the volume lies in; an edge belongs to the band it begins", () => {
    const current = (volume: bigint) => barSegments(BANDS, volume).findIndex((one) => one.current);
    expect([0n, 999n, 1000n, 4999n, 5000n, 9n ** 20n].map(current)).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it("shows no more bands than fit, those around the current one", () => {
    const many = Array.from({ length: 12 }, (_, i) => ({ from: `${i * 100}`, rate: "0.001" }));
    const starts = (volume: bigint) => barSegments(many, volume).map(({ from }) => Number(from));
    expect(starts(0n)).toEqual([0, 100, 200, 300, 400]);
    expect(starts(650n)).toEqual([400, 500, 600, 700, 800]);
    expect(starts(5_000n)).toEqual([700, 800, 900, 1000, 1100]);
  });
});
