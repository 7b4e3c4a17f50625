/** Rows in columns as wide as they need to be; columns of numbers are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = head.map((title, i) => Math.max(...[title, ...rows.map((row) => row[i] ?? "")].map(columns)));
  const numeric = head.map(
    (_, i) => rows.length > 0 && rows.every((row) => /^[-–\d.,]*$/.test(row[i] ?? "")),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => {
        const gap = " ".repeat(Math.max(0, (width[i] ?? 0) - columns(cell)));
        return numeric[i] ? gap + cell : cell + gap;
      })
      .join("  ")
      .trimEnd();
  const rule = width.map((w) => "─".repeat(w)).join("  ");
  return [line(head), rule, ...rows.map(line)].join("\n");
}

/** Columns a text takes on a terminal, where Chinese characters take two. */
function columns(text: string): number {
  let sum = 0;
  for (const c of text)
    sum += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(c) ? 2 : 1;
  return sum;
}
