// Array parameters for set-based statements on the hot path.

/**
 * An array parameter of values that need no quotes: ids, numbers, ISO times. On the hot path, where the driver's own
 * serializer, which escapes each value, costs more than the rows. Nothing but nulls is an empty array: `unnest` fills
 * the shorter of its arrays up with nulls.
 */
export function plainArray(values: readonly (string | number | bigint | null | undefined)[]): string {
  let text = "{";
  let empty = true;
  for (const value of values) {
    if (value !== null && value !== undefined) empty = false;
    text += text.length > 1 ? `,${value ?? "NULL"}` : (value ?? "NULL");
  }
  return empty ? "{}" : `${text}}`;
}
/** The same of moments, which mostly repeat. */
export function instantArray(values: readonly (Date | null)[]): string {
  let last = Number.NaN;
  let text = "";
  return plainArray(
    values.map((value) => {
      if (value === null) return null;
      const time = value.getTime();
      if (time !== last) {
        last = time;
        text = value.toISOString();
      }
      return text;
    }),
  );
}
/** The same of words that hold neither quotes nor backslashes: codes, currencies, kinds. */
export function wordArray(values: readonly string[]): string {
  if (values.some((value) => NEEDS_ESCAPE.test(value))) throw new Error("not a plain word");
  return values.length === 0 ? "{}" : `{"${values.join('","')}"}`;
}
const NEEDS_ESCAPE = /["\\]/;
/** The same of bytes. */
export function bytesArray(values: readonly Buffer[]): string {
  return values.length === 0
    ? "{}"
    : `{"\\\\x${values.map((value) => value.toString("hex")).join('","\\\\x')}"}`;
}
/** The same of any text, which mostly is null, and seldom holds what must be escaped. */
export function sparseArray(values: readonly (string | null | undefined)[]): string {
  let text = "{";
  let empty = true;
  for (const value of values) {
    if (text.length > 1) text += ",";
    if (typeof value !== "string") text += "NULL";
    else {
      empty = false;
      text += `"${NEEDS_ESCAPE.test(value) ? value.replaceAll(ESCAPED, "\\$&") : value}"`;
    }
  }
  return empty ? "{}" : `${text}}`;
}
const ESCAPED = /["\\]/g;

/** JSON values, which mostly are null, a line each: as an array's elements all of their quotes would be escaped. In SQL `string_to_array(…, E'\n', '')`. */
export function jsonLines(values: readonly unknown[]): string {
  return lines(values.map((value) => (value === null || value === undefined ? null : JSON.stringify(value))));
}
/** The same of JSON that is text already. */
export function lines(values: readonly (string | null)[]): string {
  return values.every((value) => value === null) ? "" : values.map((value) => value ?? "").join("\n");
}

/**
 * A column whose values repeat, as two array parameters: each value once, and the place of each row's value. The
 * database reads an array character by character, so ids written out in every row are most of what an insert costs.
 * In SQL `(${column.values}::uuid[])[coalesce(place, 1)]`: where every row has the same value, no places are written;
 * null has place 0, where an array has nothing.
 */
export class RepeatingColumn {
  readonly #placeOf = new Map<string, number>();
  readonly #values: string[] = [];
  #last: string | null = null;
  #lastPlace = 0;
  readonly #places: number[] = [];
  #differ = false;

  add(value: string | null | undefined): void {
    if (value === null || value === undefined) this.#row(0);
    else if (value === this.#last) this.#row(this.#lastPlace);
    else {
      let place = this.#placeOf.get(value);
      if (place === undefined) {
        place = this.#values.push(value);
        this.#placeOf.set(value, place);
      }
      this.#last = value;
      this.#lastPlace = place;
      this.#row(place);
    }
  }
  #row(place: number): void {
    this.#places.push(place);
    if (place !== this.#places[0]) this.#differ = true;
  }
  /** The one value of all rows; undefined if they differ. */
  get only(): string | null | undefined {
    return this.#differ ? undefined : (this.#values[0] ?? null);
  }
  /** Of values that hold neither quotes nor backslashes. */
  get values(): string {
    return wordArray(this.#values);
  }
  get places(): string {
    return this.#differ ? placesArray(this.#places) : "{}";
  }
}

/** Digits are written here, and read from here as one text: put together piece by piece, they cost four times as much. */
let digits = Buffer.allocUnsafe(16 * 1024);
const MOST_DIGITS = 10;

/** Whole numbers from 0. */
function placesArray(places: readonly number[]): string {
  const most = places.length * (MOST_DIGITS + 1) + 2;
  if (digits.length < most) digits = Buffer.allocUnsafe(2 * most);
  const zero = "0".charCodeAt(0);
  let at = 0;
  digits[at++] = "{".charCodeAt(0);
  for (const place of places) {
    if (at > 1) digits[at++] = ",".charCodeAt(0);
    let unit = 1;
    while (unit * 10 <= place) unit *= 10;
    for (let rest = place; unit >= 1; unit /= 10) {
      const digit = Math.trunc(rest / unit);
      digits[at++] = zero + digit;
      rest -= digit * unit;
    }
  }
  digits[at++] = "}".charCodeAt(0);
  return digits.toString("latin1", 0, at);
}

/** The same of moments. */
export class RepeatingInstants extends RepeatingColumn {
  readonly #texts = new Map<number, string>();
  #time = Number.NaN;
  #text = "";

  addDate(value: Date | null): void {
    if (value === null) this.add(null);
    else {
      const time = value.getTime();
      if (time !== this.#time) {
        this.#time = time;
        this.#text = this.#texts.get(time) ?? value.toISOString();
        this.#texts.set(time, this.#text);
      }
      this.add(this.#text);
    }
  }
}
