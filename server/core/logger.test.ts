import { Writable } from "node:stream";
import pino from "pino";
import { expect, test } from "vitest";
import { errorForLog, logger, withoutSecrets } from "./logger";

function written(log: (to: pino.Logger) => void): string {
  let text = "";
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const symbols = pino.symbols as unknown as { streamSym: symbol };
  const child = logger.child({});
  Object.assign(child, { [symbols.streamSym]: sink });
  log(child);
  return text;
}

test("fields that hold secrets are blotted out wherever they stand", () => {
  const text = written((to) =>
    to.info({ password: "p1", input: { code: "c1", deep: { token: "t1" } }, campaignId: "visible" }, "hello"),
  );
  expect(text).toContain("visible");
  expect(text).toContain("hello");
  for (const secret of ["p1", "c1", "t1"]) expect(text).not.toContain(`"${secret}"`);
});

test("errors lose passwords of addresses, API keys and voucher codes", () => {
  const error = new Error(
    "connect postgres://kaqing:hunter2@127.0.0.1/db with kq_live_12345678 for 7K2M-9QXT-4R8W-A1BC",
  );
  const text = JSON.stringify(errorForLog(error));
  for (const secret of ["hunter2", "12345678", "7K2M"]) expect(text).not.toContain(secret);
  expect(withoutSecrets("campaign 12 of 2026-11-21")).toBe("campaign 12 of 2026-11-21");
});
