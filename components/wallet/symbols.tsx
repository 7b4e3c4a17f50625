"use client";

import { create } from "qrcode";
import { useMemo } from "react";
import type { Bars } from "./bars";

/** On white in every theme: scanners read dark on light. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => qrPath(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`-4 -4 ${size + 8} ${size + 8}`}
      shapeRendering="crispEdges"
      className="block aspect-square w-full rounded-lg bg-white text-black"
    >
      <path d={path} fill="currentColor" />
    </svg>
  );
}

export function Barcode({ bars, label }: { bars: Bars; label: string }) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`-10 0 ${bars.width + 20} 1`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      className="block h-16 w-full bg-white text-black"
    >
      <path d={bars.path} fill="currentColor" />
    </svg>
  );
}

function qrPath(text: string): { path: string; size: number } {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  let path = "";
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      if (!modules.get(y, x)) continue;
      let run = 1;
      while (x + run < modules.size && modules.get(y, x + run)) run++;
      path += `M${x} ${y}h${run}v1h-${run}z`;
      x += run;
    }
  }
  return { path, size: modules.size };
}
