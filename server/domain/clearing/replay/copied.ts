/** A text of its own: a part of a page would keep the whole page alive. */
export function copied(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
