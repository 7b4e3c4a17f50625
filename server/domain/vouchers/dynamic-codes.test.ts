import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dynamicCodeAt, matchDynamicCode, newDynamicSecret } from "./dynamic-codes";

const rfcSecret = Buffer.from("12345678901234567890", "ascii");
const at = (seconds: number) => new Date(seconds * 1000);

describe("rotating codes", () => {
  it.each([
    [59, "94287082"],
    [1111111109, "07081804"],
    [1111111111, "14050471"],
    [1234567890, "89005924"],
    [2000000000, "69279037"],
    [20000000000, "65353130"],
  ])("RFC 6238, appendix B: %i s → %s", (seconds, digits) => {
    expect(dynamicCodeAt(rfcSecret, at(seconds)).digits).toBe(digits);
  });

  it("change every 30 seconds and are taken one step early or late", () => {
    const shown = dynamicCodeAt(rfcSecret, at(1_000_000_015));
    expect(shown.changesAt).toEqual(at(1_000_000_020));
    expect(shown.refusedFrom).toEqual(at(1_000_000_050));
    const match = (seconds: number, last: number | null = null) =>
      matchDynamicCode(rfcSecret, shown.digits, at(seconds), last);
    expect(match(1_000_000_015)).toEqual({ kind: "match", step: shown.step });
    expect(match(1_000_000_049.999)).toEqual({ kind: "match", step: shown.step });
    expect(match(1_000_000_050)).toEqual({ kind: "stale" });
    expect(match(999_999_960)).toEqual({ kind: "match", step: shown.step });
    expect(match(999_999_959.999)).toEqual({ kind: "stale" });
  });

  it("are taken once: never the step used last, nor one before it", () => {
    const shown = dynamicCodeAt(rfcSecret, at(1_000_000_015));
    const now = at(1_000_000_016);
    expect(matchDynamicCode(rfcSecret, shown.digits, now, shown.step)).toEqual({
      kind: "used",
      step: shown.step,
    });
    expect(matchDynamicCode(rfcSecret, shown.digits, now, shown.step + 1).kind).toBe("used");
    expect(matchDynamicCode(rfcSecret, shown.digits, now, shown.step - 1).kind).toBe("match");
  });

  it("are of one voucher", () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 2_000_000_000 }), (seconds) => {
        const secret = newDynamicSecret();
        const { digits, step } = dynamicCodeAt(secret, at(seconds));
        expect(digits).toMatch(/^\d{8}$/);
        expect(matchDynamicCode(secret, digits, at(seconds), null)).toEqual({ kind: "match", step });
      }),
    );
    expect(matchDynamicCode(rfcSecret, "1234567", at(60), null)).toEqual({ kind: "stale" });
    expect(matchDynamicCode(rfcSecret, "１２３４５６７８", at(60), null)).toEqual({ kind: "stale" });
  });
});
