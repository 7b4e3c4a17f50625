-- A transaction writes some hundred months. Where a tenant has few, the planner would rather read all of them, with
-- every version that is not yet cleared away, and join: that took three times as long as to find each by its key.
ALTER FUNCTION write_fee_months(uuid, uuid[], uuid[], text[], bigint[], int[], bigint[], bigint[], int[], bigint[])
  SET enable_hashjoin = off SET enable_mergejoin = off;
