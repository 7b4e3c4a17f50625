"use server";

import { cookies } from "next/headers";
import { isLocale, LOCALE_COOKIE } from "./config";

/** Keeps the reader's language for a year. Next draws the page again with the answer; what is typed stays. */
export async function chooseLanguage(locale: unknown): Promise<void> {
  if (!isLocale(locale)) return;
  const jar = await cookies();
  jar.set(LOCALE_COOKIE, locale, { path: "/", maxAge: 31_536_000, sameSite: "lax", httpOnly: true });
}
