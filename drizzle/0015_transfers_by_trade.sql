DROP INDEX "transfers_by_trade";--> statement-breakpoint
ALTER TABLE "transfers" DROP CONSTRAINT "transfers_tenant_id_id_pk";--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_tenant_id_trade_id_id_pk" PRIMARY KEY("tenant_id","trade_id","id");