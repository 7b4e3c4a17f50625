-- What tables alone do not hold: tenancy by row, append-only books, the audit chain, and the few
-- look-ups that must work before a tenant is known. The role kaqing_app is made by the runner of migrations.

CREATE FUNCTION kaqing_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('kaqing.tenant_id', true), '')::uuid $$;
--> statement-breakpoint

-- Row-level security on every table with a tenant_id. Later migrations call it again for what they add.
CREATE FUNCTION kaqing_protect_tables() RETURNS void LANGUAGE plpgsql AS $$
DECLARE t record;
BEGIN
  FOR t IN
    SELECT c.oid::regclass AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity
      AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t.name);
    EXECUTE format('CREATE POLICY tenant_rows ON %s USING (tenant_id = (SELECT kaqing_tenant())) WITH CHECK (tenant_id = (SELECT kaqing_tenant()))', t.name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO kaqing_app', t.name);
  END LOOP;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION kaqing_protect_tables() FROM PUBLIC;
--> statement-breakpoint
SELECT kaqing_protect_tables();
--> statement-breakpoint
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own_tenant ON tenants USING (id = (SELECT kaqing_tenant())) WITH CHECK (id = (SELECT kaqing_tenant()));
--> statement-breakpoint
GRANT SELECT, UPDATE ON tenants TO kaqing_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO kaqing_app;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO kaqing_app;
--> statement-breakpoint

-- What was posted, stated or audited is never changed or taken away, by nobody.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trades FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
REVOKE UPDATE, DELETE ON transfers, trades, audit_log, statement_lines FROM kaqing_app;
--> statement-breakpoint
REVOKE INSERT ON audit_log FROM kaqing_app;
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE ON audit_heads FROM kaqing_app;
--> statement-breakpoint

CREATE FUNCTION keep_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.tenant_id, NEW.id, NEW.number, NEW.run_id, NEW.party_id, NEW.account_id, NEW.currency, NEW.due_after, NEW.due_through, NEW.total, NEW.transfer_count)
     IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.number, OLD.run_id, OLD.party_id, OLD.account_id, OLD.currency, OLD.due_after, OLD.due_through, OLD.total, OLD.transfer_count) THEN
    RAISE EXCEPTION 'a statement keeps what it states' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_statement BEFORE UPDATE OR DELETE ON statements FOR EACH ROW EXECUTE FUNCTION keep_statement();
--> statement-breakpoint
CREATE FUNCTION keep_rule_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.state = 'scheduled' AND (NEW.definition, NEW.effective_from, NEW.version, NEW.rule_id) IS DISTINCT FROM (OLD.definition, OLD.effective_from, OLD.version, OLD.rule_id)) THEN
    RAISE EXCEPTION 'a published rule version is never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_rule_version BEFORE UPDATE OR DELETE ON split_rule_versions FOR EACH ROW EXECUTE FUNCTION keep_rule_version();
--> statement-breakpoint
CREATE FUNCTION books_go_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.closed_through < OLD.closed_through THEN
    RAISE EXCEPTION 'closed_through only moves forward' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER books_go_forward BEFORE UPDATE OR DELETE ON books FOR EACH ROW EXECUTE FUNCTION books_go_forward();
--> statement-breakpoint

-- Redeeming twice, and spending more than a gift card holds, is refused here too.
ALTER TABLE vouchers ADD CONSTRAINT vouchers_uses CHECK (uses_left >= 0), ADD CONSTRAINT vouchers_balance CHECK (balance >= 0 AND balance <= initial_balance);
--> statement-breakpoint
ALTER TABLE vouchers SET (fillfactor = 85);
--> statement-breakpoint
ALTER TABLE campaigns ADD CONSTRAINT campaigns_quota CHECK (issued >= 0 AND (quota IS NULL OR issued <= quota));
--> statement-breakpoint

-- The audit chain. `hash = sha256(prev_hash ‖ text)`, the text being a JSON array of the row's columns.
CREATE FUNCTION audit_text(r audit_log) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT convert_to(jsonb_build_array(
    r.seq, to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), r.actor_kind, r.actor_id, r.actor_name,
    r.action, r.subject_kind, r.subject_id, r.party_id, r.data, r.request_id, r.ip)::text, 'UTF8')
$$;
--> statement-breakpoint
-- Appends entries to the chain of the transaction's tenant. Holds the chain's end until commit: call it last.
CREATE FUNCTION audit_append(entries jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  t uuid := kaqing_tenant();
  head audit_heads;
  e jsonb;
  r audit_log;
BEGIN
  IF t IS NULL THEN RAISE EXCEPTION 'audit without a tenant' USING ERRCODE = 'insufficient_privilege'; END IF;
  INSERT INTO audit_heads (tenant_id, seq, hash) VALUES (t, 0, sha256(convert_to(t::text, 'UTF8'))) ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM audit_heads WHERE tenant_id = t FOR UPDATE;
  FOR e IN SELECT value FROM jsonb_array_elements(entries) LOOP
    r.tenant_id := t;
    r.seq := head.seq + 1;
    r.at := (e->>'at')::timestamptz(3);
    r.actor_kind := e->>'actorKind';
    r.actor_id := (e->>'actorId')::uuid;
    r.actor_name := e->>'actorName';
    r.action := e->>'action';
    r.subject_kind := e->>'subjectKind';
    r.subject_id := e->>'subjectId';
    r.party_id := (e->>'partyId')::uuid;
    r.data := coalesce(e->'data', '{}'::jsonb);
    r.request_id := e->>'requestId';
    r.ip := e->>'ip';
    r.prev_hash := head.hash;
    r.hash := sha256(head.hash || audit_text(r));
    INSERT INTO audit_log VALUES (r.*);
    head.seq := r.seq;
    head.hash := r.hash;
  END LOOP;
  UPDATE audit_heads SET seq = head.seq, hash = head.hash WHERE tenant_id = t;
  RETURN head.seq;
END $$;
--> statement-breakpoint
-- The first sequence number whose row does not continue the chain, or null; `checked` rows were read.
CREATE FUNCTION audit_verify(OUT checked bigint, OUT broken_at bigint) LANGUAGE sql STABLE SET search_path = public AS $$
  WITH chain AS (
    SELECT a.seq, a.prev_hash, a.hash, sha256(a.prev_hash || audit_text(a)) AS computed,
      coalesce(lag(a.hash) OVER (ORDER BY a.seq), sha256(convert_to(a.tenant_id::text, 'UTF8'))) AS before,
      row_number() OVER (ORDER BY a.seq) AS place
    FROM audit_log a WHERE a.tenant_id = kaqing_tenant()
  ), ends AS (SELECT seq, hash FROM audit_heads WHERE tenant_id = kaqing_tenant())
  SELECT (SELECT count(*) FROM chain),
    coalesce(
      (SELECT min(seq) FROM chain WHERE hash <> computed OR prev_hash <> before OR seq <> place),
      (SELECT e.seq FROM ends e WHERE e.seq > 0 AND NOT EXISTS (SELECT 1 FROM chain c WHERE c.seq = e.seq AND c.hash = e.hash)))
$$;
--> statement-breakpoint

-- Before a tenant is known: who signs in, whose address it is. They tell ids, nothing else.
CREATE FUNCTION resolve_sign_in(address text, OUT tenant_id uuid, OUT user_id uuid) RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT s.tenant_id, s.user_id FROM sign_in_names s WHERE s.email = lower(address)
$$;
--> statement-breakpoint
CREATE FUNCTION resolve_tenant(tenant_slug text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT id FROM tenants WHERE slug = tenant_slug
$$;
--> statement-breakpoint
CREATE FUNCTION all_tenants() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT id FROM tenants ORDER BY id
$$;
--> statement-breakpoint

-- The outbox: work for the worker, written in the transaction of the change. The payload always names the tenant.
CREATE FUNCTION enqueue_job(task text, payload json, queue text, job_key text, run_at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF kaqing_tenant() IS NULL OR (payload->>'tenantId')::uuid IS DISTINCT FROM kaqing_tenant() THEN
    RAISE EXCEPTION 'a job belongs to the tenant of its transaction' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM graphile_worker.add_job(task, payload, queue_name => queue, run_at => run_at, job_key => job_key, max_attempts => 5);
END $$;
--> statement-breakpoint

-- Numbers each change of what clearing reads, so that processes know when what they remember is old. From a sequence:
-- a change that is rolled back must not leave its number to another one.
CREATE SEQUENCE config_revision;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE config_revision TO kaqing_app;
--> statement-breakpoint
CREATE FUNCTION count_config_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO config_revisions (tenant_id, revision) VALUES (kaqing_tenant(), nextval('config_revision'))
  ON CONFLICT (tenant_id) DO UPDATE SET revision = excluded.revision;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER config_change AFTER INSERT OR UPDATE OR DELETE ON parties FOR EACH STATEMENT EXECUTE FUNCTION count_config_change();
--> statement-breakpoint
CREATE TRIGGER config_change AFTER INSERT OR UPDATE OR DELETE ON split_rules FOR EACH STATEMENT EXECUTE FUNCTION count_config_change();
--> statement-breakpoint
CREATE TRIGGER config_change AFTER INSERT OR UPDATE OR DELETE ON split_rule_versions FOR EACH STATEMENT EXECUTE FUNCTION count_config_change();
--> statement-breakpoint
CREATE TRIGGER config_change AFTER INSERT OR UPDATE OR DELETE ON calendar_days FOR EACH STATEMENT EXECUTE FUNCTION count_config_change();
--> statement-breakpoint
CREATE TRIGGER config_change AFTER INSERT OR UPDATE OR DELETE ON calendar_years FOR EACH STATEMENT EXECUTE FUNCTION count_config_change();
--> statement-breakpoint
-- Issuing counts on the campaign's row all the time; only what redeeming reads counts here.
CREATE TRIGGER config_change AFTER INSERT OR DELETE OR UPDATE OF name, status, type, currency, terms, funding, brand_id,
  merchant_ids, product_codes, valid_from, valid_to, verification, stacking_group, uses_per_voucher, collected_by, channel_id
  ON campaigns FOR EACH STATEMENT EXECUTE FUNCTION count_config_change();
--> statement-breakpoint

-- A strict account's balance never passes its floor, at any moment: the statement that would take it there fails.
CREATE FUNCTION keep_floor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  lowest bigint := (SELECT floor FROM accounts WHERE tenant_id = NEW.tenant_id AND id = NEW.account_id);
BEGIN
  IF NEW.credits - NEW.debits < lowest THEN
    RAISE EXCEPTION 'account % would pass its floor', NEW.account_id
      USING ERRCODE = 'KQ001', DETAIL = json_build_object('account', NEW.account_id, 'balance', (NEW.credits - NEW.debits)::text, 'floor', lowest::text)::text;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_floor AFTER INSERT OR UPDATE ON account_balances FOR EACH ROW EXECUTE FUNCTION keep_floor();
