-- What a trade keeps of its fees is text, which the database carries without taking it apart: see db/trade-fees.ts.
CREATE FUNCTION pack_fees(fees jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_agg(jsonb_build_array(f ->> 'leg', f ->> 'version', f ->> 'party', f ->> 'period', f ->> 'volume',
    f -> 'count', f ->> 'charged', f ->> 'base', f ->> 'amount') ORDER BY n)::text
  FROM jsonb_array_elements(fees) WITH ORDINALITY AS e (f, n)
$$;
--> statement-breakpoint
ALTER TABLE "trades" ALTER COLUMN "fees" SET DATA TYPE text USING pack_fees("fees");--> statement-breakpoint
DROP FUNCTION pack_fees(jsonb);--> statement-breakpoint
-- The same as rows. Amounts in minor units; volume, count and charged: where the party's month stood before.
CREATE FUNCTION trade_fees(fees text) RETURNS TABLE (leg text, version uuid, party uuid, period text, volume bigint,
  count integer, charged bigint, base bigint, amount bigint) LANGUAGE sql IMMUTABLE AS $$
  SELECT f ->> 0, (f ->> 1)::uuid, (f ->> 2)::uuid, f ->> 3, (f ->> 4)::bigint, (f ->> 5)::integer, (f ->> 6)::bigint,
    (f ->> 7)::bigint, (f ->> 8)::bigint
  FROM jsonb_array_elements(fees::jsonb) AS f
$$;
--> statement-breakpoint
ALTER TABLE "fee_counters" ADD COLUMN "id" bigint NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "fee_counters_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1);--> statement-breakpoint
CREATE UNIQUE INDEX "fee_counters_by_id" ON "fee_counters" USING btree ("tenant_id","id");--> statement-breakpoint
DROP FUNCTION write_fee_months(uuid, uuid[], uuid[], text[], bigint[], int[], bigint[], bigint[], int[], bigint[]);--> statement-breakpoint
-- As in 0016, by the numbers of the rows.
CREATE FUNCTION write_fee_months(tenant uuid, months bigint[], volumes bigint[], counts int[], fees bigint[],
  new_volumes bigint[], new_counts int[], new_fees bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  right_ones bigint;
BEGIN
  WITH moved AS (
    UPDATE fee_counters c SET volume = c.volume + n.volume, count = c.count + n.trades, charged = c.charged + n.fee, open = true
    FROM unnest(months, volumes, counts, fees, new_volumes, new_counts, new_fees)
      AS n (month, volume, trades, fee, new_volume, new_trades, new_fee)
    WHERE c.tenant_id = tenant AND c.id = n.month
    RETURNING c.volume = n.new_volume AND c.count = n.new_trades AND c.charged = n.new_fee AS is_right
  )
  SELECT count(*) FILTER (WHERE is_right) INTO right_ones FROM moved;
  IF right_ones <> cardinality(months) THEN
    RAISE EXCEPTION 'a month of a fee schedule has moved' USING ERRCODE = 'serialization_failure';
  END IF;
END $$;
--> statement-breakpoint
-- Ends a transaction whose vouchers another one has changed since they were read. In the database, as the commit may
-- have been sent behind already.
CREATE FUNCTION vouchers_changed(changed bigint, wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF changed <> wanted THEN
    RAISE EXCEPTION '% of % vouchers are as they were read', changed, wanted USING ERRCODE = 'serialization_failure';
  END IF;
END $$;
