import { expect, test } from "vitest";
import { deviceOf } from "./device";

test("the browser and the system of a user-agent line", () => {
  const edge =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
  const wechat =
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.50";
  const safari =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";
  expect(deviceOf(edge)).toEqual({ browser: "Edge", system: "Windows" });
  expect(deviceOf(wechat)).toEqual({ browser: "WeChat", system: "Android" });
  expect(deviceOf(safari)).toEqual({ browser: "Safari", system: "iPhone" });
  expect(deviceOf("curl/8.0")).toBeNull();
  expect(deviceOf(null)).toBeNull();
});
