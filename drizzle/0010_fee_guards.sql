-- What the tables of fee schedules do not hold by themselves.
SELECT kaqing_protect_tables();
--> statement-breakpoint

-- What was submitted is what is reviewed, published and explained: only a draft's text changes, and states go forward.
CREATE FUNCTION keep_fee_schedule_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
    OR (NEW.tenant_id, NEW.id, NEW.schedule_id) IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.schedule_id)
    OR (OLD.state <> 'draft' AND (NEW.definition, NEW.version) IS DISTINCT FROM (OLD.definition, OLD.version))
    OR (OLD.state = 'scheduled' AND NEW.effective_from IS DISTINCT FROM OLD.effective_from)
    OR NOT (NEW.state = OLD.state
      OR (OLD.state = 'draft' AND NEW.state IN ('in_review', 'scheduled', 'withdrawn'))
      OR (OLD.state = 'in_review' AND NEW.state IN ('scheduled', 'refused', 'withdrawn'))
      OR (OLD.state = 'scheduled' AND NEW.state = 'withdrawn')) THEN
    RAISE EXCEPTION 'a submitted version of a fee schedule is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_fee_schedule_version BEFORE UPDATE OR DELETE ON fee_schedule_versions
  FOR EACH ROW EXECUTE FUNCTION keep_fee_schedule_version();
--> statement-breakpoint
ALTER TABLE fee_schedule_versions ADD CONSTRAINT fee_schedule_versions_begins CHECK (state <> 'scheduled' OR effective_from IS NOT NULL);
--> statement-breakpoint

-- A month that was counted is counted in this currency, for this leg of this role.
CREATE FUNCTION keep_fee_schedule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.role, NEW.leg, NEW.currency) IS DISTINCT FROM (OLD.role, OLD.leg, OLD.currency)
    AND EXISTS (SELECT 1 FROM fee_schedule_versions v WHERE v.tenant_id = OLD.tenant_id AND v.schedule_id = OLD.id
      AND v.state IN ('in_review', 'scheduled')) THEN
    RAISE EXCEPTION 'what a published fee schedule prices never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_fee_schedule BEFORE UPDATE ON fee_schedules FOR EACH ROW EXECUTE FUNCTION keep_fee_schedule();
--> statement-breakpoint

CREATE TRIGGER config_change AFTER INSERT OR UPDATE OR DELETE ON fee_schedules
  FOR EACH STATEMENT EXECUTE FUNCTION count_config_change();
--> statement-breakpoint
-- Saving a draft is no change that clearing has to know of.
CREATE TRIGGER config_change AFTER INSERT OR DELETE OR UPDATE OF state, effective_to ON fee_schedule_versions
  FOR EACH STATEMENT EXECUTE FUNCTION count_config_change();
--> statement-breakpoint

ALTER TABLE fee_counters ADD CONSTRAINT fee_counters_sound CHECK (volume >= 0 AND count >= 0 AND period ~ '^\d{4}-\d{2}$');
--> statement-breakpoint
-- A party's row is written over with each of its trades: there is room for it beside the old one.
ALTER TABLE fee_counters SET (fillfactor = 50);
