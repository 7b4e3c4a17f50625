import { describe, expect, test } from "vitest";
import { dayNumber, isoDate } from "../calendar";
import { spansOf } from "./spans";

describe("spans", () => {
  test("cover each day of a range once, and no other", () => {
    const begin = dayNumber("2024-01-17");
    for (let first = 0; first < 70; first++) {
      for (const length of [1, 2, 3, 7, 30, 31, 90, 365, 731]) {
        const range = { from: isoDate(begin + first), to: isoDate(begin + first + length - 1) };
        const days = spansOf(range).flatMap((span) =>
          Array.from({ length: span.days }, (_, n) => isoDate(dayNumber(span.firstDay) + n)),
        );
        expect(days).toEqual(Array.from({ length }, (_, n) => isoDate(begin + first + n)));
      }
    }
  });

  test("are few", () => {
    const most = (length: number) =>
      Math.max(
        ...Array.from({ length: 64 }, (_, first) => {
          const from = dayNumber("2026-10-01") + first;
          return spansOf({ from: isoDate(from), to: isoDate(from + length - 1) }).length;
        }),
      );
    expect(most(30)).toBeLessThanOrEqual(12);
    expect(most(731)).toBeLessThanOrEqual(30);
  });
});
