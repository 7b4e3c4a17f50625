DROP INDEX "trades_by_merchant";--> statement-breakpoint
DROP INDEX "trades_by_brand";--> statement-breakpoint
DROP INDEX "trades_by_voucher";--> statement-breakpoint
DROP INDEX "transfers_due_debit";--> statement-breakpoint
DROP INDEX "transfers_due_credit";--> statement-breakpoint
CREATE INDEX "trades_by_merchant" ON "trades" USING btree ("merchant_id","traded_at","id");--> statement-breakpoint
CREATE INDEX "trades_by_brand" ON "trades" USING btree ("brand_id","traded_at","id") WHERE brand_id is not null;--> statement-breakpoint
CREATE INDEX "trades_by_voucher" ON "trades" USING btree ("voucher_id") WHERE voucher_id is not null;--> statement-breakpoint
CREATE INDEX "transfers_due_debit" ON "transfers" USING btree ("debit_account_id","debit_due_at","id") WHERE debit_due_at is not null;--> statement-breakpoint
CREATE INDEX "transfers_due_credit" ON "transfers" USING btree ("credit_account_id","credit_due_at","id") WHERE credit_due_at is not null;