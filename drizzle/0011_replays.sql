CREATE TABLE "replay_parties" (
	"tenant_id" uuid NOT NULL,
	"replay_id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"currency" text NOT NULL,
	"before" bigint NOT NULL,
	"after" bigint NOT NULL,
	"difference" bigint NOT NULL,
	"trades" integer NOT NULL,
	"changed" integer NOT NULL,
	CONSTRAINT "replay_parties_tenant_id_replay_id_party_id_currency_pk" PRIMARY KEY("tenant_id","replay_id","party_id","currency")
);
--> statement-breakpoint
CREATE TABLE "replay_shares" (
	"tenant_id" uuid NOT NULL,
	"replay_id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"trade_id" uuid NOT NULL,
	"before" bigint NOT NULL,
	"after" bigint NOT NULL,
	CONSTRAINT "replay_shares_tenant_id_replay_id_party_id_trade_id_pk" PRIMARY KEY("tenant_id","replay_id","party_id","trade_id")
);
--> statement-breakpoint
CREATE TABLE "replay_trades" (
	"tenant_id" uuid NOT NULL,
	"replay_id" uuid NOT NULL,
	"trade_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"traded_at" timestamp (3) with time zone NOT NULL,
	"currency" text NOT NULL,
	"gross" bigint NOT NULL,
	"moved" bigint NOT NULL,
	"months" jsonb,
	CONSTRAINT "replay_trades_tenant_id_replay_id_trade_id_pk" PRIMARY KEY("tenant_id","replay_id","trade_id")
);
--> statement-breakpoint
CREATE TABLE "replays" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"version_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"revision" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"from_day" text NOT NULL,
	"to_day" text NOT NULL,
	"created_by" uuid,
	"created_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"trades" integer DEFAULT 0 NOT NULL,
	"changed" integer DEFAULT 0 NOT NULL,
	"reversed" integer DEFAULT 0 NOT NULL,
	"partly_reversed" integer DEFAULT 0 NOT NULL,
	"refused" jsonb,
	CONSTRAINT "replays_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "replay_parties" ADD CONSTRAINT "replay_parties_tenant_id_replay_id_replays_tenant_id_id_fk" FOREIGN KEY ("tenant_id","replay_id") REFERENCES "public"."replays"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "replay_shares" ADD CONSTRAINT "replay_shares_tenant_id_replay_id_trade_id_replay_trades_tenant_id_replay_id_trade_id_fk" FOREIGN KEY ("tenant_id","replay_id","trade_id") REFERENCES "public"."replay_trades"("tenant_id","replay_id","trade_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "replay_trades" ADD CONSTRAINT "replay_trades_tenant_id_replay_id_replays_tenant_id_id_fk" FOREIGN KEY ("tenant_id","replay_id") REFERENCES "public"."replays"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "replay_trades_largest" ON "replay_trades" USING btree ("tenant_id","replay_id","moved","trade_id");--> statement-breakpoint
CREATE INDEX "replays_by_subject" ON "replays" USING btree ("tenant_id","subject_id","id");--> statement-breakpoint

SELECT kaqing_protect_tables();
