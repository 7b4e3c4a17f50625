"use client";

import type { PaletteProvider } from "./palette-search";

/** Where quick find looks besides the pages: records by name or reference, within what the viewer may see. */
export function usePaletteProviders(): readonly PaletteProvider[] {
  return PROVIDERS;
}

const PROVIDERS: readonly PaletteProvider[] = [];
