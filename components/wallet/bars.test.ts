import { describe, expect, it } from "vitest";
import { code128 } from "./bars";

describe("the barcode of a code", () => {
  it("is a Code 128: start, 16 or more symbols of 11 modules, check, stop of 13", () => {
    const { width, path } = code128("7K3M9QWXA0ZT5HRC");
    expect((width - 13) % 11).toBe(0);
    expect(width).toBeGreaterThanOrEqual(11 * 18 + 13);
    expect(path.startsWith("M0 0h2v1h-2z")).toBe(true); // every start symbol begins with a bar of two modules
  });
});
