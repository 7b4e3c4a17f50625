import { expect, it } from "vitest";
import { testDatabase } from "@/server/testing/database";
import { bytesArray, plainArray, RepeatingColumn, RepeatingInstants, sparseArray } from "./arrays";

it("gives every row its values back, nulls and all", async () => {
  const { owner } = await testDatabase();
  const ids = ["019a0000-0001-7000-8000-000000000001", "019a0000-0001-7000-8000-000000000002"];
  const at = [new Date("2026-11-21T00:00:00.123Z"), null, new Date("2026-11-22T00:00:00Z")];
  const party = new RepeatingColumn();
  const due = new RepeatingInstants();
  for (const id of [ids[0], null, ids[0]]) party.add(id);
  for (const date of at) due.addDate(date);
  const bytes = [Buffer.from([0, 255]), Buffer.from([34, 92]), Buffer.alloc(0)];
  const texts = ['a "b" \\ {c}', null, ","];
  const rows = await owner.sql<Record<string, unknown>[]>`
    select (${party.values}::uuid[])[coalesce(n.party, 1)] as party,
      (${due.values}::timestamptz[])[coalesce(n.due, 1)]::text as due, n.id, n.bytes,
      n.word, n.nothing, n.none
    from unnest(${party.places}::int[], ${due.places}::int[], ${plainArray([...ids, null])}::uuid[],
      ${bytesArray(bytes)}::bytea[], ${sparseArray(texts)}::text[], ${plainArray([null, undefined, null])}::bigint[],
      ${sparseArray([null, null, null])}::text[]) as n (party, due, id, bytes, word, nothing, none)`;
  expect(rows.map((row) => row.party)).toEqual([ids[0], null, ids[0]]);
  expect(rows.map((row) => row.id)).toEqual([...ids, null]);
  expect(rows.map((row) => row.bytes)).toEqual(bytes);
  expect(rows.map((row) => row.word)).toEqual(texts);
  expect(rows.map((row) => (row.due === null ? null : new Date(String(row.due))))).toEqual(at);
  const odd = ["", "NULL", "\\", '"', '\\\\"', "卡, 清", "'", " a "];
  const back = await owner.sql`select * from unnest(${sparseArray([null, ...odd])}::text[]) as n (text)`;
  expect(back.map((row) => row.text)).toEqual([null, ...odd]);
  expect(rows.every((row) => row.nothing === null && row.none === null)).toBe(true);
});

it.each([
  ["the same value in every row", ["CNY", "CNY", "CNY"]],
  ["nothing in any row", [null, undefined, null]],
  ["another value in the last row", ["CNY", "CNY", "USD"]],
  ["nothing at first", [null, null, "CNY", "CNY"]],
  ["nothing at last", ["CNY", "CNY", null]],
  ["one row", ["CNY"]],
  ["more values than have one, two, three or four digits", Array.from({ length: 10_050 }, (_, i) => `v${i}`)],
])("gives every row its value back: %s", async (_, values) => {
  const { owner } = await testDatabase();
  const column = new RepeatingColumn();
  for (const value of values) column.add(value);
  const rows = await owner.sql`
    select (${column.values}::text[])[coalesce((${column.places}::int[])[n.i], 1)] as value
    from generate_series(1, ${values.length}::int) as n (i) order by n.i`;
  expect(rows.map((row) => row.value)).toEqual(values.map((value) => value ?? null));
  const different = new Set(rows.map((row) => row.value));
  expect(column.only).toBe(different.size === 1 ? rows[0]?.value : undefined);
});
