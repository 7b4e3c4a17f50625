CREATE TABLE "distributor_days" (
	"tenant_id" uuid NOT NULL,
	"distributor_id" uuid NOT NULL,
	"currency" text NOT NULL,
	"day" date NOT NULL,
	"sales" bigint NOT NULL,
	"reversals" bigint NOT NULL,
	"paid" bigint NOT NULL,
	"reversed_paid" bigint NOT NULL,
	CONSTRAINT "distributor_days_tenant_id_distributor_id_currency_day_pk" PRIMARY KEY("tenant_id","distributor_id","currency","day")
);
--> statement-breakpoint
CREATE INDEX "transfers_card_shares" ON "transfers" USING btree ("tenant_id","party_id","traded_at","id") WHERE leg like 'card.%' and leg <> 'card.supplier' and leg <> 'card.margin';--> statement-breakpoint
SELECT kaqing_protect_tables();
--> statement-breakpoint
-- A mark beyond every transaction: the next roll-up makes them anew, with the new table.
UPDATE rollup_marks SET xid = 9000000000000000000;
