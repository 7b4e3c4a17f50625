import {
  test as base,
  type ConsoleMessage,
  expect,
  type Page,
  type Request,
  type WebError,
} from "@playwright/test";
import type { Role } from "../../server/core/permissions";
import { signedIn } from "./sign-in";

/**
 * `test` of every journey. `test.use({ role: "merchant" })` signs in as that role; without it nobody is.
 * A test fails upon any error or warning in the browser's console, any exception in a page, and any request to
 * another host, unless it says what it expects: `test.use({ expectedNoise: [/…/] })`.
 */
interface Options {
  role: Role | null;
  expectedNoise: RegExp[];
}

export const test = base.extend<Options & { quiet: undefined }>({
  role: [null, { option: true }],
  expectedNoise: [[], { option: true }],

  storageState: async ({ role, baseURL }, use) => {
    await use(role ? await signedIn(role, baseURL ?? "") : undefined);
  },

  quiet: [
    async ({ context, baseURL, expectedNoise }, use) => {
      const noise: string[] = [];
      const hear = (line: string) => {
        if (!expectedNoise.some((pattern) => pattern.test(line))) noise.push(line);
      };
      const onConsole = (message: ConsoleMessage) => {
        if (isNoise(message))
          hear(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      };
      const onError = (error: WebError) => hear(`exception: ${error.error().message}`);
      const onRequest = (request: Request) => {
        if (isForeign(request, baseURL ?? "")) hear(`request to another host: ${request.url()}`);
      };
      context.on("console", onConsole).on("weberror", onError).on("request", onRequest);
      await use(undefined);
      // The next test may come by the same context.
      context.off("console", onConsole).off("weberror", onError).off("request", onRequest);
      expect(noise, "the browser's console and network stay quiet").toEqual([]);
    },
    { auto: true },
  ],
});

export type { Page };
export { expect };

function isNoise(message: ConsoleMessage): boolean {
  if (message.type() !== "error" && message.type() !== "warning") return false;
  // A refusal by the server is an answer like another; the browser reports it whatever the page makes of it.
  const refused = /^Failed to load resource: the server responded with a status of 4\d\d/.test(
    message.text(),
  );
  return !(refused && /\/api\//.test(message.location().url));
}

function isForeign(request: Request, baseURL: string): boolean {
  const url = new URL(request.url());
  return /^(https?|wss?):$/.test(url.protocol) && url.host !== new URL(baseURL).host;
}
