import { createTranslator } from "use-intl/core";
import { en as zodEn, zhCN as zodZh } from "zod/locales";
import type { ErrorCode, ErrorParams } from "@/server/core/errors";
import type { Reader } from "@/server/rest";
import { formatInstant } from "../format/format";
import { chooseLocale, type Locale } from "../i18n/config";
import { messagesOf } from "../i18n/messages";
import { placeholders } from "../i18n/placeholders";

/** Sentences of the API in the language of an Accept-Language header: those of the screens, and a few of its own. */
export function apiReader(acceptLanguage: string | null, timeZone = "UTC"): Reader {
  // Programs that ask for nothing, or for anything, are written by people who read English at least.
  const locale = chooseLocale(undefined, `${acceptLanguage ?? ""},en;q=0.001`);
  const { errors, own, fieldError } = dictionary(locale);
  const shown = (params: ErrorParams, name: string): string => {
    const value = params[name];
    if (value === undefined || value === null || value === "") return "none";
    const text = String(value);
    return INSTANT.test(text) ? formatInstant(text, { locale, timeZone }) : text;
  };
  return {
    locale,
    title: (status) => own(TITLES.has(status) ? (`titles.s${status}` as "titles.s400") : "titles.s500"),
    sentence: (code, params) => {
      const special = specialSentence(code, params);
      if (special) return own(special, { permission: shown(params, "permission") });
      const names = placeholders(String(errors.raw(code)));
      return errors(code, Object.fromEntries(names.map((name) => [name, shown(params, name)])) as never);
    },
    oneSubject: () => own("problems.subject"),
    fieldError,
  };
}

const TITLES = new Set([400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500]);
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Where a sentence of the screens would speak of sessions and pages. */
function specialSentence(code: ErrorCode, params: ErrorParams) {
  if (code === "UNAUTHENTICATED") return "problems.unauthenticated" as const;
  if (code === "PERMISSION_DENIED") return "problems.denied" as const;
  if (code === "NOT_FOUND" && params.noun === "path") return "problems.unknownPath" as const;
  return null;
}

function makeDictionary(locale: Locale) {
  const messages = messagesOf(locale);
  return {
    errors: createTranslator({ locale, messages, namespace: "errors" }),
    own: createTranslator({ locale, messages, namespace: "apiDocs" }),
    fieldError: (locale === "zh-CN" ? zodZh : zodEn)().localeError,
  };
}

const dictionaries = new Map<Locale, ReturnType<typeof makeDictionary>>();

function dictionary(locale: Locale) {
  const known = dictionaries.get(locale) ?? makeDictionary(locale);
  dictionaries.set(locale, known);
  return known;
}
