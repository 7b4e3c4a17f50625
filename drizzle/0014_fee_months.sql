-- Writes where months of fee schedules stand, if they stand where the writer took them to: else it has to begin anew.
-- One statement, so that the writer need not come back to the database in between; the rows are taken in one order.
CREATE FUNCTION write_fee_months(tenant uuid, schedules uuid[], parties uuid[], months text[],
  volumes bigint[], counts int[], fees bigint[], new_volumes bigint[], new_counts int[], new_fees bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  right_ones bigint;
BEGIN
  SELECT count(*) INTO right_ones FROM (
    SELECT c.volume = n.volume AND c.count = n.trades AND c.charged = n.fee AS stands
    FROM unnest(schedules, parties, months, volumes, counts, fees) AS n (schedule, party, month, volume, trades, fee)
    JOIN fee_counters c ON c.tenant_id = tenant AND c.schedule_id = n.schedule AND c.party_id = n.party AND c.period = n.month
    ORDER BY c.schedule_id, c.party_id, c.period
    FOR UPDATE OF c) held WHERE held.stands;
  IF right_ones <> cardinality(schedules) THEN
    RAISE EXCEPTION 'a month of a fee schedule has moved' USING ERRCODE = 'serialization_failure';
  END IF;
  UPDATE fee_counters c SET volume = n.volume, count = n.trades, charged = n.fee, open = true
  FROM unnest(schedules, parties, months, new_volumes, new_counts, new_fees) AS n (schedule, party, month, volume, trades, fee)
  WHERE c.tenant_id = tenant AND c.schedule_id = n.schedule AND c.party_id = n.party AND c.period = n.month;
END $$;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION write_fee_months(uuid, uuid[], uuid[], text[], bigint[], int[], bigint[], bigint[], int[], bigint[]) TO kaqing_app;
