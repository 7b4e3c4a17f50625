"use client";

import { useSearchParams } from "next/navigation";

/** One date range across pages: links between nouns take the chosen days along. */
export function useKeptRange(): string {
  const params = useSearchParams();
  const kept = new URLSearchParams();
  for (const name of ["from", "to"]) {
    const value = params.get(name);
    if (value) kept.set(name, value);
  }
  const text = kept.toString();
  return text ? `?${text}` : "";
}
