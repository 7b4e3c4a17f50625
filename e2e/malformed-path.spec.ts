import { expect, test } from "./support/test";

/** Escapes that are cut short, stand for no character, or are none. */
const MALFORMED = ["%E0%A4%A", "%FF", "%", "%zz"];

test("a path of the API that does not decode is a problem of the caller's", async ({ request }) => {
  for (const path of MALFORMED) {
    for (const at of [`/api/v1/vouchers/${path}`, `/api/v1/${path}`]) {
      const response = await request.get(at, {
        headers: { "x-request-id": "mine-1", "accept-language": "en" },
      });
      expect(response.status(), at).toBe(400);
      expect(response.headers()["content-type"]).toBe("application/problem+json; charset=utf-8");
      expect(response.headers()["x-request-id"]).toBe("mine-1");
      expect(await response.json()).toMatchObject({
        type: "urn:kaqing:problem:input-invalid",
        status: 400,
        code: "INPUT_INVALID",
        params: { path: "path" },
        instance: "urn:kaqing:request:mine-1",
      });
    }
  }
  const posted = await request.post("/api/v1/redemptions/%E0%A4%A", { data: {} });
  expect(posted.status()).toBe(400);
});

test("anywhere else it is told in a sentence", async ({ request }) => {
  for (const path of MALFORMED) {
    for (const at of [
      `/${path}`,
      `/vouchers/${path}`,
      `/api/trpc/${path}`,
      `/_next/static/${path}`,
      `/s/demo/${path}`,
    ]) {
      const response = await request.get(at, { headers: { "accept-language": "en" } });
      expect(response.status(), at).toBe(400);
      expect(await response.text()).toContain("Something entered is not right");
    }
  }
});

test("what does decode goes its way", async ({ request }) => {
  const api = await request.get("/api/v1/vouchers/%E5%8D%A1%E6%B8%85");
  expect(api.status()).toBe(404);
  expect(api.headers()["content-type"]).toBe("application/problem+json; charset=utf-8");
  expect(api.headers()["content-security-policy"]).toBeUndefined();
  const page = await request.get("/%E5%8D%A1%E6%B8%85");
  expect(page.status()).toBe(404);
  expect(page.headers()["content-security-policy"]).toContain("nonce-");
  expect((await request.get("/api/health?x=%E0%A4%A")).status()).toBe(200);
});
