-- Writes where months of fee schedules stand, if they stand where the writer took them to: else it has to begin anew.
-- One statement, so that the writer need not come back to the database in between. The months come in one order, so
-- that writers wait for each other in one; where they do not, they are told, and begin anew as well.
CREATE FUNCTION write_fee_months(tenant uuid, schedules uuid[], parties uuid[], months text[],
  volumes bigint[], counts int[], fees bigint[], new_volumes bigint[], new_counts int[], new_fees bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  right_ones bigint;
BEGIN
  UPDATE fee_counters c SET volume = n.new_volume, count = n.new_trades, charged = n.new_fee, open = true
  FROM unnest(schedules, parties, months, volumes, counts, fees, new_volumes, new_counts, new_fees)
    AS n (schedule, party, month, volume, trades, fee, new_volume, new_trades, new_fee)
  WHERE c.tenant_id = tenant AND c.schedule_id = n.schedule AND c.party_id = n.party AND c.period = n.month
    AND c.volume = n.volume AND c.count = n.trades AND c.charged = n.fee;
  GET DIAGNOSTICS right_ones = ROW_COUNT;
  IF right_ones <> cardinality(schedules) THEN
    RAISE EXCEPTION 'a month of a fee schedule has moved' USING ERRCODE = 'serialization_failure';
  END IF;
END $$;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION write_fee_months(uuid, uuid[], uuid[], text[], bigint[], int[], bigint[], bigint[], int[], bigint[]) TO kaqing_app;
