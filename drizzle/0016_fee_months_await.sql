-- As before, but who comes behind an uncommitted writer awaits it. To compare in WHERE was to compare with what stood
-- before that writer: the row was passed over, and a transaction that was right had to begin anew. So the rows are found
-- by their keys alone, moved by what was counted, and looked at afterwards; where one stands elsewhere, all is undone.
CREATE OR REPLACE FUNCTION write_fee_months(tenant uuid, schedules uuid[], parties uuid[], months text[],
  volumes bigint[], counts int[], fees bigint[], new_volumes bigint[], new_counts int[], new_fees bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  right_ones bigint;
BEGIN
  WITH moved AS (
    UPDATE fee_counters c SET volume = c.volume + n.new_volume - n.volume, count = c.count + n.new_trades - n.trades,
      charged = c.charged + n.new_fee - n.fee, open = true
    FROM unnest(schedules, parties, months, volumes, counts, fees, new_volumes, new_counts, new_fees)
      AS n (schedule, party, month, volume, trades, fee, new_volume, new_trades, new_fee)
    WHERE c.tenant_id = tenant AND c.schedule_id = n.schedule AND c.party_id = n.party AND c.period = n.month
    RETURNING c.volume = n.new_volume AND c.count = n.new_trades AND c.charged = n.new_fee AS is_right
  )
  SELECT count(*) FILTER (WHERE is_right) INTO right_ones FROM moved;
  IF right_ones <> cardinality(schedules) THEN
    RAISE EXCEPTION 'a month of a fee schedule has moved' USING ERRCODE = 'serialization_failure';
  END IF;
END $$;
