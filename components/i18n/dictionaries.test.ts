import { createTranslator } from "use-intl";
import { describe, expect, it } from "vitest";
import { ERROR_KINDS } from "@/server/core/errors";
import { API_SCOPES, PARTY_KINDS, PERMISSIONS, ROLES } from "@/server/core/permissions";
import { chooseLocale } from "./config";
import { messagesOf } from "./messages";
import { placeholders } from "./placeholders";

function flat(node: unknown, path = ""): [string, string][] {
  if (typeof node === "string") return [[path, node]];
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => flat(value, path ? `${path}.${key}` : key));
}

const zh = new Map(flat(messagesOf("zh-CN")));
const en = new Map(flat(messagesOf("en")));

/** Names that a message takes: what stands in braces, less the words of its choices. */
function names(message: string): string[] {
  const taken: string[] = [];
  let depth = 0;
  for (let i = 0; i < message.length; i++) {
    if (message[i] === "{") {
      const match = /^\{\s*(\w+)\s*(,|\})/.exec(message.slice(i));
      // On odd levels braces hold names, on even ones the texts of choices.
      if (match?.[1] && depth % 2 === 0) taken.push(match[1]);
      depth++;
    } else if (message[i] === "}") depth--;
  }
  return [...new Set(taken)].sort();
}

/** Chinese tells what is paid (8 折), English what is taken off: the caller gives both. */
const OWN_WAY = new Set(["vouchers.terms.percent"]);

describe("dictionaries", () => {
  it("have the same keys in both languages", () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort());
  });
  it("take the same parameters in both languages", () => {
    for (const [key, text] of zh) {
      if (!OWN_WAY.has(key)) expect(names(en.get(key) ?? ""), key).toEqual(names(text));
    }
  });
  it("are all well formed", () => {
    for (const locale of ["zh-CN", "en"] as const) {
      const t = createTranslator({
        locale,
        messages: messagesOf(locale) as unknown as Record<string, never>,
        onError: (error) => {
          throw error;
        },
      });
      for (const [key, text] of locale === "en" ? en : zh) {
        const values: Record<string, unknown> = Object.fromEntries(
          placeholders(text).map((name) => [name, 2]),
        );
        for (const tag of text.matchAll(/<(\w+)>/g)) if (tag[1]) values[tag[1]] = (inner: unknown) => inner;
        expect(
          () => (t as { rich: (key: string, values: unknown) => unknown }).rich(key, values),
          key,
        ).not.toThrow();
      }
    }
  });
  it("name every error, role, kind of party, permission and scope", () => {
    for (const dictionary of [zh, en]) {
      for (const code of Object.keys(ERROR_KINDS)) expect(dictionary.has(`errors.${code}`), code).toBe(true);
      for (const role of ROLES) expect(dictionary.has(`common.roles.${role}`), role).toBe(true);
      for (const kind of PARTY_KINDS) expect(dictionary.has(`common.partyKinds.${kind}`), kind).toBe(true);
      for (const one of Object.keys(PERMISSIONS))
        expect(dictionary.has(`common.permissions.${one}`), one).toBe(true);
      for (const one of Object.keys(API_SCOPES))
        expect(dictionary.has(`common.apiScopes.${one}`), one).toBe(true);
    }
  });
});

describe("the reader's language", () => {
  it.each([
    ["en", "zh-CN,zh;q=0.9", "en"],
    [undefined, "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"],
    [undefined, "fr-FR,en;q=0.7,zh;q=0.3", "en"],
    [undefined, "de", "zh-CN"],
    [undefined, null, "zh-CN"],
    ["xx", "en-US", "en"],
    [undefined, "en;q=0,zh", "zh-CN"],
  ])("choice %s, browser %s: %s", (cookie, header, locale) => {
    expect(chooseLocale(cookie, header)).toBe(locale);
  });
});
