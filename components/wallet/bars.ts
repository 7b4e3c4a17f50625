import bwip from "bwip-js/node";

/** A Code 128 as a path of bars, one unit a module, one high; made on the server, which has the encoder. */
export interface Bars {
  path: string;
  width: number;
}

export function code128(text: string): Bars {
  const [symbol] = bwip.raw("code128", text, "");
  if (!symbol || !("sbs" in symbol)) throw new Error("no bars");
  let x = 0;
  let path = "";
  // Bars and spaces take turns, a bar first.
  symbol.sbs.forEach((width, i) => {
    if (i % 2 === 0) path += `M${x} 0h${width}v1h-${width}z`;
    x += width;
  });
  return { path, width: x };
}
