import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noteSocketAddresses } from "./socket-address";

const server = http.createServer((req, res) => res.end(String(req.headers["x-forwarded-for"])));
let address = "";
beforeAll(async () => {
  noteSocketAddresses();
  noteSocketAddresses();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test("whatever a client claims, the last hop is where it really comes from", async () => {
  expect(await (await fetch(address)).text()).toBe("127.0.0.1");
  const headers = { "x-forwarded-for": "203.0.113.9" };
  expect(await (await fetch(address, { headers })).text()).toBe("203.0.113.9, 127.0.0.1");
});
