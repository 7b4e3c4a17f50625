CREATE TABLE "audit_heads" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"tenant_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" uuid,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"party_id" uuid,
	"data" jsonb NOT NULL,
	"request_id" text NOT NULL,
	"ip" text,
	"prev_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "audit_log_tenant_id_seq_pk" PRIMARY KEY("tenant_id","seq")
);
--> statement-breakpoint
CREATE TABLE "file_chunks" (
	"tenant_id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"content" "bytea" NOT NULL,
	CONSTRAINT "file_chunks_tenant_id_file_id_seq_pk" PRIMARY KEY("tenant_id","file_id","seq")
);
--> statement-breakpoint
CREATE TABLE "files" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"size" bigint NOT NULL,
	"sha256" "bytea" NOT NULL,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "files_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"tenant_id" uuid NOT NULL,
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"verb" text NOT NULL,
	"input_hash" "bytea" NOT NULL,
	"status" integer NOT NULL,
	"response" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_tenant_id_scope_key_pk" PRIMARY KEY("tenant_id","scope","key")
);
--> statement-breakpoint
CREATE TABLE "job_runs" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"progress" bigint DEFAULT 0 NOT NULL,
	"total" bigint,
	"params" jsonb NOT NULL,
	"checkpoint" jsonb,
	"result" jsonb,
	"error" jsonb,
	"cancel_requested_at" timestamp (3) with time zone,
	"created_by" uuid,
	"created_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "job_runs_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "split_rule_versions" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"rule_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"effective_from" timestamp (3) with time zone NOT NULL,
	"effective_to" timestamp (3) with time zone,
	"definition" jsonb NOT NULL,
	"note" text,
	"created_by" uuid,
	"created_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "split_rule_versions_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "split_rule_versions_number" UNIQUE("tenant_id","rule_id","version")
);
--> statement-breakpoint
CREATE TABLE "split_rules" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"number" text NOT NULL,
	"name" text NOT NULL,
	"trade_kind" text NOT NULL,
	"campaign_id" uuid,
	"product_id" uuid,
	"merchant_id" uuid,
	"channel_id" uuid,
	"tier" text,
	"priority" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "split_rules_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "split_rules_number" UNIQUE("tenant_id","number")
);
--> statement-breakpoint
CREATE TABLE "account_balances" (
	"tenant_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"debits" bigint NOT NULL,
	"credits" bigint NOT NULL,
	CONSTRAINT "account_balances_tenant_id_account_id_pk" PRIMARY KEY("tenant_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"currency" text NOT NULL,
	"ref" text DEFAULT '' NOT NULL,
	"strict" boolean DEFAULT false NOT NULL,
	"floor" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "accounts_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "accounts_identity" UNIQUE("tenant_id","party_id","kind","currency","ref")
);
--> statement-breakpoint
CREATE TABLE "books" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"closed_through" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "config_revisions" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"revision" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trades" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"traded_at" timestamp (3) with time zone NOT NULL,
	"posted_at" timestamp (3) with time zone NOT NULL,
	"currency" text NOT NULL,
	"gross" bigint NOT NULL,
	"discount" bigint NOT NULL,
	"paid" bigint NOT NULL,
	"merchant_id" uuid,
	"brand_id" uuid,
	"campaign_id" uuid,
	"voucher_id" uuid,
	"channel_id" uuid,
	"collected_by" text NOT NULL,
	"rule_version_id" uuid,
	"channel_fee_rate" text,
	"funding" jsonb,
	"reverses_id" uuid,
	"refunded_before" bigint,
	"order_ref" text,
	"external_ref" text,
	"actor_id" uuid,
	"reason" text,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "trades_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "transfers" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"trade_id" uuid NOT NULL,
	"leg" text NOT NULL,
	"debit_account_id" uuid NOT NULL,
	"credit_account_id" uuid NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"party_id" uuid NOT NULL,
	"rule_version_id" uuid,
	"traded_at" timestamp (3) with time zone NOT NULL,
	"posted_at" timestamp (3) with time zone NOT NULL,
	"debit_due_at" timestamp (3) with time zone,
	"credit_due_at" timestamp (3) with time zone,
	"reverses_id" uuid,
	CONSTRAINT "transfers_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "transfers_amount_positive" CHECK (amount > 0),
	CONSTRAINT "transfers_two_accounts" CHECK (debit_account_id <> credit_account_id)
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"scopes" text[] NOT NULL,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "api_keys_secret" UNIQUE("tenant_id","secret_hash")
);
--> statement-breakpoint
CREATE TABLE "counters" (
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "counters_tenant_id_name_pk" PRIMARY KEY("tenant_id","name")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"party_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"invited_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "invitations_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "invitations_token" UNIQUE("tenant_id","token_hash")
);
--> statement-breakpoint
CREATE TABLE "parties" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"number" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"external_id" text,
	"status" text DEFAULT 'active' NOT NULL,
	"locale" text DEFAULT 'zh-CN' NOT NULL,
	"cycle" jsonb NOT NULL,
	"contact" text,
	"bank_name" text,
	"bank_account_holder" text,
	"bank_account_sealed" "bytea",
	"bank_account_tail" text,
	"channel_fee_rate" text,
	"channel_refunds_fee" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "parties_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "parties_number" UNIQUE("tenant_id","number"),
	CONSTRAINT "parties_external_id" UNIQUE("tenant_id","kind","external_id")
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"hits" integer NOT NULL,
	CONSTRAINT "rate_limits_key_window_start_pk" PRIMARY KEY("key","window_start")
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"code_hash" "bytea" NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "recovery_codes_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "recovery_codes_hash" UNIQUE("tenant_id","user_id","code_hash")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"session_version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"second_factor_at" timestamp (3) with time zone,
	"ip" text,
	"user_agent" text,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "sessions_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "sign_in_names" (
	"email" text PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"timezone" text NOT NULL,
	"platform_party_id" uuid NOT NULL,
	"settings" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tenants_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"password_hash" text NOT NULL,
	"session_version" integer DEFAULT 1 NOT NULL,
	"totp_sealed" "bytea",
	"totp_enabled_at" timestamp (3) with time zone,
	"totp_last_step" bigint,
	"locale" text,
	"last_sign_in_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "users_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "users_email" UNIQUE("tenant_id","email")
);
--> statement-breakpoint
CREATE TABLE "calendar_days" (
	"tenant_id" uuid NOT NULL,
	"day" date NOT NULL,
	"working" text NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "calendar_days_tenant_id_day_pk" PRIMARY KEY("tenant_id","day")
);
--> statement-breakpoint
CREATE TABLE "calendar_years" (
	"tenant_id" uuid NOT NULL,
	"year" integer NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "calendar_years_tenant_id_year_pk" PRIMARY KEY("tenant_id","year")
);
--> statement-breakpoint
CREATE TABLE "campaign_days" (
	"tenant_id" uuid NOT NULL,
	"day" date NOT NULL,
	"account_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"leg" text NOT NULL,
	"transfers" bigint NOT NULL,
	"cost" bigint NOT NULL,
	CONSTRAINT "campaign_days_tenant_id_account_id_day_campaign_id_leg_pk" PRIMARY KEY("tenant_id","account_id","day","campaign_id","leg")
);
--> statement-breakpoint
CREATE TABLE "house_days" (
	"tenant_id" uuid NOT NULL,
	"day" date NOT NULL,
	"due_day" date NOT NULL,
	"currency" text NOT NULL,
	"kind" text NOT NULL,
	"leg" text NOT NULL,
	"transfers" bigint NOT NULL,
	"debits" bigint NOT NULL,
	"credits" bigint NOT NULL,
	"reversed" bigint NOT NULL,
	CONSTRAINT "house_days_tenant_id_currency_day_kind_leg_due_day_pk" PRIMARY KEY("tenant_id","currency","day","kind","leg","due_day")
);
--> statement-breakpoint
CREATE TABLE "import_mappings" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "import_mappings_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "import_mappings_name" UNIQUE("tenant_id","name")
);
--> statement-breakpoint
CREATE TABLE "import_rejects" (
	"tenant_id" uuid NOT NULL,
	"import_id" uuid NOT NULL,
	"line" bigint NOT NULL,
	"codes" text[] NOT NULL,
	"raw" text NOT NULL,
	CONSTRAINT "import_rejects_tenant_id_import_id_line_pk" PRIMARY KEY("tenant_id","import_id","line")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"mapping" jsonb NOT NULL,
	"job_id" uuid,
	"lines" bigint DEFAULT 0 NOT NULL,
	"skipped" bigint DEFAULT 0 NOT NULL,
	"accepted" bigint DEFAULT 0 NOT NULL,
	"repeated" bigint DEFAULT 0 NOT NULL,
	"rejected" bigint DEFAULT 0 NOT NULL,
	"created_by" uuid,
	"created_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "imports_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "leg_days" (
	"tenant_id" uuid NOT NULL,
	"day" date NOT NULL,
	"due_day" date NOT NULL,
	"account_id" uuid NOT NULL,
	"leg" text NOT NULL,
	"transfers" bigint NOT NULL,
	"debits" bigint NOT NULL,
	"credits" bigint NOT NULL,
	"reversed" bigint NOT NULL,
	CONSTRAINT "leg_days_tenant_id_account_id_day_leg_due_day_pk" PRIMARY KEY("tenant_id","account_id","day","leg","due_day")
);
--> statement-breakpoint
CREATE TABLE "rollup_marks" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"xid" bigint NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settlement_runs" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"number" text NOT NULL,
	"due_after" timestamp (3) with time zone NOT NULL,
	"due_through" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"statements" integer DEFAULT 0 NOT NULL,
	"created_by" uuid,
	"created_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"stated_at" timestamp (3) with time zone,
	CONSTRAINT "settlement_runs_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "settlement_runs_number" UNIQUE("tenant_id","number"),
	CONSTRAINT "settlement_runs_through" UNIQUE("tenant_id","due_through")
);
--> statement-breakpoint
CREATE TABLE "statement_lines" (
	"tenant_id" uuid NOT NULL,
	"statement_id" uuid NOT NULL,
	"leg" text NOT NULL,
	"count" bigint NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "statement_lines_tenant_id_statement_id_leg_pk" PRIMARY KEY("tenant_id","statement_id","leg")
);
--> statement-breakpoint
CREATE TABLE "statements" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"number" text NOT NULL,
	"run_id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"currency" text NOT NULL,
	"due_after" timestamp (3) with time zone NOT NULL,
	"due_through" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"total" bigint NOT NULL,
	"transfer_count" bigint NOT NULL,
	"paid_at" timestamp (3) with time zone,
	"paid_ref" text,
	"payout_trade_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "statements_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "statements_number" UNIQUE("tenant_id","number"),
	CONSTRAINT "statements_identity" UNIQUE("tenant_id","run_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "trade_days" (
	"tenant_id" uuid NOT NULL,
	"day" date NOT NULL,
	"currency" text NOT NULL,
	"merchant_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"trades" bigint NOT NULL,
	"reversals" bigint NOT NULL,
	"gross" bigint NOT NULL,
	"discount" bigint NOT NULL,
	"paid" bigint NOT NULL,
	"reversed_gross" bigint NOT NULL,
	"reversed_discount" bigint NOT NULL,
	CONSTRAINT "trade_days_tenant_id_day_currency_merchant_id_campaign_id_pk" PRIMARY KEY("tenant_id","day","currency","merchant_id","campaign_id")
);
--> statement-breakpoint
CREATE TABLE "campaign_customers" (
	"tenant_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"customer_id" text NOT NULL,
	"issued" integer NOT NULL,
	CONSTRAINT "campaign_customers_tenant_id_campaign_id_customer_id_pk" PRIMARY KEY("tenant_id","campaign_id","customer_id")
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"number" text NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"type" text NOT NULL,
	"currency" text NOT NULL,
	"terms" jsonb NOT NULL,
	"funding" jsonb NOT NULL,
	"brand_id" uuid,
	"merchant_ids" uuid[] DEFAULT '{}' NOT NULL,
	"product_codes" text[] DEFAULT '{}' NOT NULL,
	"issue_from" timestamp (3) with time zone,
	"issue_to" timestamp (3) with time zone,
	"valid_from" timestamp (3) with time zone,
	"valid_to" timestamp (3) with time zone,
	"valid_days" integer,
	"quota" bigint,
	"issued" bigint DEFAULT 0 NOT NULL,
	"per_customer_limit" integer,
	"audience" text[] DEFAULT '{}' NOT NULL,
	"verification" text NOT NULL,
	"stacking_group" text,
	"uses_per_voucher" integer DEFAULT 1 NOT NULL,
	"collected_by" text NOT NULL,
	"channel_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "campaigns_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "campaigns_number" UNIQUE("tenant_id","number")
);
--> statement-breakpoint
CREATE TABLE "voucher_displays" (
	"tenant_id" uuid NOT NULL,
	"code_hash" "bytea" NOT NULL,
	"voucher_id" uuid NOT NULL,
	"step" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "voucher_displays_tenant_id_code_hash_voucher_id_pk" PRIMARY KEY("tenant_id","code_hash","voucher_id")
);
--> statement-breakpoint
CREATE TABLE "vouchers" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"code_hash" "bytea" NOT NULL,
	"code_sealed" "bytea" NOT NULL,
	"state" smallint NOT NULL,
	"uses_left" integer NOT NULL,
	"balance" bigint,
	"initial_balance" bigint,
	"valid_from" timestamp (3) with time zone,
	"valid_to" timestamp (3) with time zone,
	"source_id" text,
	"customer_id" text,
	"job_id" uuid,
	"dynamic_sealed" "bytea",
	"dynamic_last_step" bigint,
	"locked_until" timestamp (3) with time zone,
	"locked_by" uuid,
	"lock_ref" text,
	"redeemed_at" timestamp (3) with time zone,
	"redeemed_by" uuid,
	"last_trade_id" uuid,
	"issued_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "vouchers_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "split_rule_versions" ADD CONSTRAINT "split_rule_versions_tenant_id_rule_id_split_rules_tenant_id_id_fk" FOREIGN KEY ("tenant_id","rule_id") REFERENCES "public"."split_rules"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "public"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "public"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "public"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_tenant_id_user_id_users_tenant_id_id_fk" FOREIGN KEY ("tenant_id","user_id") REFERENCES "public"."users"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_tenant_id_user_id_users_tenant_id_id_fk" FOREIGN KEY ("tenant_id","user_id") REFERENCES "public"."users"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "public"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_lines" ADD CONSTRAINT "statement_lines_tenant_id_statement_id_statements_tenant_id_id_fk" FOREIGN KEY ("tenant_id","statement_id") REFERENCES "public"."statements"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statements" ADD CONSTRAINT "statements_tenant_id_run_id_settlement_runs_tenant_id_id_fk" FOREIGN KEY ("tenant_id","run_id") REFERENCES "public"."settlement_runs"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statements" ADD CONSTRAINT "statements_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "public"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_by_subject" ON "audit_log" USING btree ("tenant_id","subject_kind","subject_id","seq");--> statement-breakpoint
CREATE INDEX "audit_log_by_actor" ON "audit_log" USING btree ("tenant_id","actor_id","seq");--> statement-breakpoint
CREATE INDEX "audit_log_by_action" ON "audit_log" USING btree ("tenant_id","action","seq");--> statement-breakpoint
CREATE INDEX "audit_log_by_time" ON "audit_log" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_by_age" ON "idempotency_keys" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "job_runs_by_kind" ON "job_runs" USING btree ("tenant_id","kind","id");--> statement-breakpoint
CREATE INDEX "split_rule_versions_in_force" ON "split_rule_versions" USING btree ("tenant_id","effective_from");--> statement-breakpoint
CREATE INDEX "trades_by_time" ON "trades" USING btree ("tenant_id","traded_at","id");--> statement-breakpoint
CREATE INDEX "trades_by_merchant" ON "trades" USING btree ("tenant_id","merchant_id","traded_at","id");--> statement-breakpoint
CREATE INDEX "trades_by_brand" ON "trades" USING btree ("tenant_id","brand_id","traded_at","id") WHERE brand_id is not null;--> statement-breakpoint
CREATE INDEX "trades_by_xid" ON "trades" USING btree ("tenant_id","xid");--> statement-breakpoint
CREATE INDEX "trades_by_voucher" ON "trades" USING btree ("tenant_id","voucher_id") WHERE voucher_id is not null;--> statement-breakpoint
CREATE INDEX "trades_by_reversed" ON "trades" USING btree ("tenant_id","reverses_id") WHERE reverses_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "trades_external_ref" ON "trades" USING btree ("tenant_id","external_ref") WHERE external_ref is not null;--> statement-breakpoint
CREATE INDEX "transfers_by_trade" ON "transfers" USING btree ("tenant_id","trade_id");--> statement-breakpoint
CREATE INDEX "transfers_due_debit" ON "transfers" USING btree ("tenant_id","debit_account_id","debit_due_at","id") WHERE debit_due_at is not null;--> statement-breakpoint
CREATE INDEX "transfers_due_credit" ON "transfers" USING btree ("tenant_id","credit_account_id","credit_due_at","id") WHERE credit_due_at is not null;--> statement-breakpoint
CREATE INDEX "parties_by_name" ON "parties" USING btree ("tenant_id","kind","name");--> statement-breakpoint
CREATE INDEX "sessions_by_user" ON "sessions" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "users_by_party" ON "users" USING btree ("tenant_id","party_id");--> statement-breakpoint
CREATE INDEX "campaign_days_by_campaign" ON "campaign_days" USING btree ("tenant_id","campaign_id","day");--> statement-breakpoint
CREATE INDEX "house_days_by_due" ON "house_days" USING btree ("tenant_id","currency","due_day");--> statement-breakpoint
CREATE INDEX "statements_by_party" ON "statements" USING btree ("tenant_id","party_id","due_through");--> statement-breakpoint
CREATE INDEX "statements_by_time" ON "statements" USING btree ("tenant_id","due_through","id");--> statement-breakpoint
CREATE INDEX "statements_by_state" ON "statements" USING btree ("tenant_id","state","due_through","id");--> statement-breakpoint
CREATE INDEX "trade_days_by_merchant" ON "trade_days" USING btree ("tenant_id","merchant_id","day");--> statement-breakpoint
CREATE INDEX "trade_days_by_campaign" ON "trade_days" USING btree ("tenant_id","campaign_id","day");--> statement-breakpoint
CREATE INDEX "campaigns_by_brand" ON "campaigns" USING btree ("tenant_id","brand_id");--> statement-breakpoint
CREATE INDEX "voucher_displays_by_expiry" ON "voucher_displays" USING btree ("tenant_id","expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "vouchers_code" ON "vouchers" USING btree ("tenant_id","code_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "vouchers_source" ON "vouchers" USING btree ("tenant_id","campaign_id","source_id") WHERE source_id is not null;--> statement-breakpoint
CREATE INDEX "vouchers_by_campaign" ON "vouchers" USING btree ("tenant_id","campaign_id","id");--> statement-breakpoint
CREATE INDEX "vouchers_by_expiry" ON "vouchers" USING btree ("tenant_id","valid_to") WHERE valid_to is not null;--> statement-breakpoint
CREATE INDEX "vouchers_by_customer" ON "vouchers" USING btree ("tenant_id","customer_id") WHERE customer_id is not null;--> statement-breakpoint
CREATE INDEX "vouchers_by_job" ON "vouchers" USING btree ("tenant_id","job_id","id") WHERE job_id is not null;