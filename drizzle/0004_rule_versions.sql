ALTER TABLE "split_rule_versions" ALTER COLUMN "effective_from" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "updated_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "editors" uuid[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "checked" jsonb;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "submitted_by" uuid;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "submitted_by_name" text;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "submitted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "reviewed_by" uuid;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "reviewed_by_name" text;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "reviewed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "refusal_reason" text;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "withdrawn_by_name" text;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "withdrawn_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD COLUMN "withdrawal_reason" text;--> statement-breakpoint
CREATE UNIQUE INDEX "split_rule_versions_one_draft" ON "split_rule_versions" USING btree ("tenant_id","rule_id") WHERE state = 'draft';--> statement-breakpoint
ALTER TABLE split_rule_versions ADD CONSTRAINT split_rule_versions_begins CHECK (state NOT IN ('scheduled') OR effective_from IS NOT NULL);
--> statement-breakpoint

-- What was submitted is what is reviewed, published and explained: only a draft's text changes, and states go forward.
CREATE OR REPLACE FUNCTION keep_rule_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
    OR (NEW.tenant_id, NEW.id, NEW.rule_id) IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.rule_id)
    OR (OLD.state <> 'draft' AND (NEW.definition, NEW.version) IS DISTINCT FROM (OLD.definition, OLD.version))
    OR (OLD.state = 'scheduled' AND NEW.effective_from IS DISTINCT FROM OLD.effective_from)
    OR NOT (NEW.state = OLD.state
      OR (OLD.state = 'draft' AND NEW.state IN ('in_review', 'scheduled', 'withdrawn'))
      OR (OLD.state = 'in_review' AND NEW.state IN ('scheduled', 'refused', 'withdrawn'))
      OR (OLD.state = 'scheduled' AND NEW.state = 'withdrawn')) THEN
    RAISE EXCEPTION 'a submitted rule version is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint

-- Saving a draft is no change that clearing has to know of.
DROP TRIGGER config_change ON split_rule_versions;
--> statement-breakpoint
CREATE TRIGGER config_change AFTER INSERT OR DELETE OR UPDATE OF state, effective_to ON split_rule_versions
  FOR EACH STATEMENT EXECUTE FUNCTION count_config_change();
