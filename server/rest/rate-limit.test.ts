import { expect, it } from "vitest";
import { RateLimit } from "./rate-limit";

it("lets a burst through, then as many as flow in", () => {
  const limit = new RateLimit(10, 20);
  for (let i = 0; i < 20; i++) limit.take("a", 0);
  expect(() => limit.take("a", 0)).toThrow(/RATE_LIMITED/);
  expect(() => limit.take("b", 0)).not.toThrow();
  limit.take("a", 100);
  expect(() => limit.take("a", 100)).toThrow(/RATE_LIMITED/);
});

it("is not fooled by a clock that goes back", () => {
  const limit = new RateLimit(1, 1);
  limit.take("a", 10_000);
  expect(() => limit.take("a", 0)).toThrow(/RATE_LIMITED/);
});

it("reads its numbers from the environment", () => {
  const env = (KAQING_API_RATE?: string) => RateLimit.fromEnvironment({ NODE_ENV: "test", KAQING_API_RATE });
  expect(env().perSecond).toBe(1_000);
  expect(env("50")).toMatchObject({ perSecond: 50, burst: 100 });
  expect(env("nonsense").perSecond).toBe(1_000);
  const none = env("0");
  for (let i = 0; i < 10_000; i++) none.take("a", 0);
});
