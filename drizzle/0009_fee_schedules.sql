CREATE TABLE "fee_counters" (
	"tenant_id" uuid NOT NULL,
	"schedule_id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"period" text NOT NULL,
	"volume" bigint NOT NULL,
	"count" integer NOT NULL,
	"charged" bigint NOT NULL,
	"pays" boolean NOT NULL,
	"open" boolean DEFAULT true NOT NULL,
	CONSTRAINT "fee_counters_tenant_id_schedule_id_party_id_period_pk" PRIMARY KEY("tenant_id","schedule_id","party_id","period")
);
--> statement-breakpoint
CREATE TABLE "fee_schedule_versions" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"schedule_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"effective_from" timestamp (3) with time zone,
	"effective_to" timestamp (3) with time zone,
	"definition" jsonb NOT NULL,
	"note" text,
	"created_by" uuid,
	"created_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone,
	"editors" uuid[] DEFAULT '{}' NOT NULL,
	"checked" jsonb,
	"submitted_by" uuid,
	"submitted_by_name" text,
	"submitted_at" timestamp (3) with time zone,
	"reviewed_by" uuid,
	"reviewed_by_name" text,
	"reviewed_at" timestamp (3) with time zone,
	"refusal_reason" text,
	"withdrawn_by_name" text,
	"withdrawn_at" timestamp (3) with time zone,
	"withdrawal_reason" text,
	CONSTRAINT "fee_schedule_versions_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "fee_schedule_versions_number" UNIQUE("tenant_id","schedule_id","version")
);
--> statement-breakpoint
CREATE TABLE "fee_schedules" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"number" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"leg" text NOT NULL,
	"currency" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "fee_schedules_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "fee_schedules_number" UNIQUE("tenant_id","number")
);
--> statement-breakpoint
ALTER TABLE "trades" ADD COLUMN "fees" jsonb;--> statement-breakpoint
ALTER TABLE "fee_counters" ADD CONSTRAINT "fee_counters_tenant_id_schedule_id_fee_schedules_tenant_id_id_fk" FOREIGN KEY ("tenant_id","schedule_id") REFERENCES "public"."fee_schedules"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fee_counters" ADD CONSTRAINT "fee_counters_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "public"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fee_schedule_versions" ADD CONSTRAINT "fee_schedule_versions_tenant_id_schedule_id_fee_schedules_tenant_id_id_fk" FOREIGN KEY ("tenant_id","schedule_id") REFERENCES "public"."fee_schedules"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "fee_counters_open" ON "fee_counters" USING btree ("tenant_id","period") WHERE open;--> statement-breakpoint
CREATE INDEX "fee_counters_by_party" ON "fee_counters" USING btree ("tenant_id","party_id","period");--> statement-breakpoint
CREATE UNIQUE INDEX "fee_schedule_versions_one_draft" ON "fee_schedule_versions" USING btree ("tenant_id","schedule_id") WHERE state = 'draft';