/** Changes that were typed and not saved, by cell; what is typed back to what stands there is none. */
export type Edits<Value> = ReadonlyMap<string, Value>;

export function withEdit<Value>(
  edits: Edits<Value>,
  key: string,
  value: Value,
  stored: Value,
  same: (a: Value, b: Value) => boolean = Object.is,
): Edits<Value> {
  const next = new Map(edits);
  if (same(value, stored)) next.delete(key);
  else next.set(key, value);
  return next;
}
