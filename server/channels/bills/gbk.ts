let table: Map<string, number> | undefined;

/** Text in GBK, as banks and Alipay write files; what GBK has no character for becomes "?". */
export function encodeGbk(text: string): Buffer {
  table ??= makeTable();
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const pair = code < 0x80 ? code : (table.get(char) ?? 0x3f);
    if (pair > 0xff) bytes.push(pair >> 8);
    bytes.push(pair & 0xff);
  }
  return Buffer.from(bytes);
}

/** Node decodes GBK and does not encode it: the table is what each pair of bytes decodes to. */
function makeTable(): Map<string, number> {
  const made = new Map<string, number>();
  const decoder = new TextDecoder("gbk");
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      const char = decoder.decode(Uint8Array.of(lead, trail));
      if (char.length === 1 && char !== "\ufffd" && !made.has(char)) made.set(char, (lead << 8) | trail);
    }
  }
  return made;
}
