import type { Locale } from "./config";
import en from "./en";
import type { Shape } from "./shape";
import zh from "./zh-CN";

export type Messages = typeof zh;

const DICTIONARIES: Record<Locale, Shape<Messages>> = { "zh-CN": zh, en };

export function messagesOf(locale: Locale): Messages {
  return DICTIONARIES[locale];
}
