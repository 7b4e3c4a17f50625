import { expect, test } from "vitest";
import { base32, findTotpStep, totpCode, totpStep } from "./totp";

const SECRET = Buffer.from("12345678901234567890");

test("RFC 6238, appendix B", () => {
  const at = (seconds: number) => totpCode(SECRET, totpStep(new Date(seconds * 1000)), 8);
  expect(at(59)).toBe("94287082");
  expect(at(1_111_111_109)).toBe("07081804");
  expect(at(1_111_111_111)).toBe("14050471");
  expect(at(1_234_567_890)).toBe("89005924");
  expect(at(2_000_000_000)).toBe("69279037");
  expect(at(20_000_000_000)).toBe("65353130");
});

test("a code holds one step before and after, and no longer", () => {
  const now = new Date("2026-11-21T10:00:15Z");
  const step = totpStep(now);
  for (const drift of [-1, 0, 1])
    expect(findTotpStep(SECRET, totpCode(SECRET, step + drift), now)).toBe(step + drift);
  for (const drift of [-2, 2]) expect(findTotpStep(SECRET, totpCode(SECRET, step + drift), now)).toBeNull();
  expect(findTotpStep(SECRET, "12345", now)).toBeNull();
  expect(findTotpStep(SECRET, "一二三四五六", now)).toBeNull();
});

test("base32 of RFC 4648", () => {
  const cases = {
    f: "MY",
    fo: "MZXQ",
    foo: "MZXW6",
    foob: "MZXW6YQ",
    fooba: "MZXW6YTB",
    foobar: "MZXW6YTBOI",
  };
  for (const [plain, coded] of Object.entries(cases)) expect(base32(Buffer.from(plain))).toBe(coded);
});
