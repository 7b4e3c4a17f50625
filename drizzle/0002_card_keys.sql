CREATE TABLE "card_batches" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"number" text NOT NULL,
	"product_id" uuid NOT NULL,
	"supplier_id" uuid NOT NULL,
	"cost" bigint NOT NULL,
	"currency" text NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"data_key_sealed" "bytea" NOT NULL,
	"master_key_id" text NOT NULL,
	"imported" bigint DEFAULT 0 NOT NULL,
	"note" text,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "card_batches_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "card_batches_number" UNIQUE("tenant_id","number")
);
--> statement-breakpoint
CREATE TABLE "card_keys" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"batch_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"state" smallint NOT NULL,
	"identity_hash" "bytea" NOT NULL,
	"sealed" "bytea" NOT NULL,
	"tail" text DEFAULT '' NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"order_line_id" uuid,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "card_keys_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "product_images" (
	"tenant_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"content_type" text NOT NULL,
	"hash" text NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "product_images_tenant_id_product_id_pk" PRIMARY KEY("tenant_id","product_id")
);
--> statement-breakpoint
CREATE TABLE "products" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"number" text NOT NULL,
	"supplier_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"face" bigint NOT NULL,
	"currency" text NOT NULL,
	"looped" boolean DEFAULT false NOT NULL,
	"status" text NOT NULL,
	"low_stock_at" integer DEFAULT 0 NOT NULL,
	"max_per_order" integer DEFAULT 100 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "products_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "products_number" UNIQUE("tenant_id","number")
);
--> statement-breakpoint
CREATE TABLE "suppliers" (
	"tenant_id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"terms" text NOT NULL,
	"warn_below" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "suppliers_tenant_id_party_id_pk" PRIMARY KEY("tenant_id","party_id")
);
--> statement-breakpoint
CREATE TABLE "card_deliveries" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"order_line_id" uuid NOT NULL,
	"key_id" uuid NOT NULL,
	"batch_id" uuid NOT NULL,
	"looped" boolean NOT NULL,
	"trade_id" uuid NOT NULL,
	"state" text NOT NULL,
	"replaces_id" uuid,
	"delivered_at" timestamp (3) with time zone NOT NULL,
	"revealed_at" timestamp (3) with time zone,
	"reveals" integer DEFAULT 0 NOT NULL,
	"reported_at" timestamp (3) with time zone,
	"reported_by" text,
	"report_reason" text,
	"report_outcome" text,
	CONSTRAINT "card_deliveries_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "order_events" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" uuid,
	"actor_name" text NOT NULL,
	"amount" bigint,
	"trade_id" uuid,
	"data" jsonb NOT NULL,
	CONSTRAINT "order_events_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "order_lines" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"product_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	"price" bigint NOT NULL,
	"markup" bigint NOT NULL,
	"tier" text NOT NULL,
	"refunded" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "order_lines_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "order_lines_position" UNIQUE("tenant_id","order_id","position")
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"source" text NOT NULL,
	"distributor_id" uuid NOT NULL,
	"state" text NOT NULL,
	"flag" text,
	"currency" text NOT NULL,
	"total" bigint NOT NULL,
	"refunded" bigint DEFAULT 0 NOT NULL,
	"contact_sealed" "bytea",
	"contact_hash" "bytea",
	"external_ref" text,
	"pickup_version" integer DEFAULT 1 NOT NULL,
	"pickup_views" integer DEFAULT 0 NOT NULL,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"paid_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "orders_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "payment_channels" (
	"tenant_id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"enabled" boolean DEFAULT false NOT NULL,
	"fee_min" bigint,
	"fee_max" bigint,
	"fee_bearer" text,
	"min_amount" bigint,
	"max_amount" bigint,
	"endpoint" text,
	"merchant_no" text,
	"secret_sealed" "bytea",
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "payment_channels_tenant_id_party_id_pk" PRIMARY KEY("tenant_id","party_id")
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"transaction_id" text,
	"amount" bigint NOT NULL,
	"received" bigint,
	"currency" text NOT NULL,
	"state" text NOT NULL,
	"outcome" text,
	"held_trade_id" uuid,
	"cashier_url" text,
	"routing" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"paid_at" timestamp (3) with time zone,
	"settled_at" timestamp (3) with time zone,
	"ask_at" timestamp (3) with time zone,
	"asked" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "payments_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"last_error" text,
	"channel_refund_id" text,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"succeeded_at" timestamp (3) with time zone,
	CONSTRAINT "refunds_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "card_prices" (
	"tenant_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"tier" text NOT NULL,
	"price" bigint NOT NULL,
	"currency" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "card_prices_tenant_id_product_id_tier_pk" PRIMARY KEY("tenant_id","product_id","tier")
);
--> statement-breakpoint
CREATE TABLE "distributors" (
	"tenant_id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"tier" text NOT NULL,
	"upline_id" uuid,
	"commission_rate" text,
	"shop_slug" text,
	"shop_title" text,
	"shop_open" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "distributors_tenant_id_party_id_pk" PRIMARY KEY("tenant_id","party_id"),
	CONSTRAINT "distributors_shop" UNIQUE("tenant_id","shop_slug")
);
--> statement-breakpoint
CREATE TABLE "shop_items" (
	"tenant_id" uuid NOT NULL,
	"party_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"markup" bigint NOT NULL,
	"listed" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "shop_items_tenant_id_party_id_product_id_pk" PRIMARY KEY("tenant_id","party_id","product_id")
);
--> statement-breakpoint
CREATE TABLE "tiers" (
	"tenant_id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"rank" integer NOT NULL,
	"min_volume" bigint NOT NULL,
	"currency" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tiers_tenant_id_code_pk" PRIMARY KEY("tenant_id","code"),
	CONSTRAINT "tiers_rank" UNIQUE("tenant_id","rank")
);
--> statement-breakpoint
ALTER TABLE "trades" ADD COLUMN "product_id" uuid;--> statement-breakpoint
ALTER TABLE "trades" ADD COLUMN "supplier_id" uuid;--> statement-breakpoint
ALTER TABLE "trades" ADD COLUMN "distributor_id" uuid;--> statement-breakpoint
ALTER TABLE "trades" ADD COLUMN "order_id" uuid;--> statement-breakpoint
ALTER TABLE "trades" ADD COLUMN "terms" jsonb;--> statement-breakpoint
ALTER TABLE "card_batches" ADD CONSTRAINT "card_batches_tenant_id_product_id_products_tenant_id_id_fk" FOREIGN KEY ("tenant_id","product_id") REFERENCES "public"."products"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_images" ADD CONSTRAINT "product_images_tenant_id_product_id_products_tenant_id_id_fk" FOREIGN KEY ("tenant_id","product_id") REFERENCES "public"."products"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_tenant_id_supplier_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","supplier_id") REFERENCES "public"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppliers" ADD CONSTRAINT "suppliers_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "public"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_deliveries" ADD CONSTRAINT "card_deliveries_tenant_id_order_id_orders_tenant_id_id_fk" FOREIGN KEY ("tenant_id","order_id") REFERENCES "public"."orders"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_deliveries" ADD CONSTRAINT "card_deliveries_tenant_id_batch_id_card_batches_tenant_id_id_fk" FOREIGN KEY ("tenant_id","batch_id") REFERENCES "public"."card_batches"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_tenant_id_order_id_orders_tenant_id_id_fk" FOREIGN KEY ("tenant_id","order_id") REFERENCES "public"."orders"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_tenant_id_order_id_orders_tenant_id_id_fk" FOREIGN KEY ("tenant_id","order_id") REFERENCES "public"."orders"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_tenant_id_product_id_products_tenant_id_id_fk" FOREIGN KEY ("tenant_id","product_id") REFERENCES "public"."products"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_tenant_id_distributor_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","distributor_id") REFERENCES "public"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_channels" ADD CONSTRAINT "payment_channels_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "public"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_tenant_id_order_id_orders_tenant_id_id_fk" FOREIGN KEY ("tenant_id","order_id") REFERENCES "public"."orders"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_tenant_id_payment_id_payments_tenant_id_id_fk" FOREIGN KEY ("tenant_id","payment_id") REFERENCES "public"."payments"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_prices" ADD CONSTRAINT "card_prices_tenant_id_tier_tiers_tenant_id_code_fk" FOREIGN KEY ("tenant_id","tier") REFERENCES "public"."tiers"("tenant_id","code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "distributors" ADD CONSTRAINT "distributors_tenant_id_party_id_parties_tenant_id_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "public"."parties"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "distributors" ADD CONSTRAINT "distributors_tenant_id_tier_tiers_tenant_id_code_fk" FOREIGN KEY ("tenant_id","tier") REFERENCES "public"."tiers"("tenant_id","code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shop_items" ADD CONSTRAINT "shop_items_tenant_id_party_id_distributors_tenant_id_party_id_fk" FOREIGN KEY ("tenant_id","party_id") REFERENCES "public"."distributors"("tenant_id","party_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "card_batches_by_product" ON "card_batches" USING btree ("tenant_id","product_id","id");--> statement-breakpoint
CREATE INDEX "card_batches_by_master_key" ON "card_batches" USING btree ("tenant_id","master_key_id");--> statement-breakpoint
CREATE UNIQUE INDEX "card_keys_identity" ON "card_keys" USING btree ("tenant_id","product_id","identity_hash");--> statement-breakpoint
CREATE INDEX "card_keys_available" ON "card_keys" USING btree ("tenant_id","product_id","expires_at","id") WHERE state = 0;--> statement-breakpoint
CREATE INDEX "card_keys_by_batch" ON "card_keys" USING btree ("tenant_id","batch_id","state");--> statement-breakpoint
CREATE INDEX "card_keys_by_line" ON "card_keys" USING btree ("tenant_id","order_line_id") WHERE order_line_id is not null;--> statement-breakpoint
CREATE INDEX "card_keys_by_expiry" ON "card_keys" USING btree ("tenant_id","expires_at") WHERE state = 0 and expires_at is not null;--> statement-breakpoint
CREATE INDEX "products_by_supplier" ON "products" USING btree ("tenant_id","supplier_id");--> statement-breakpoint
CREATE UNIQUE INDEX "card_deliveries_once" ON "card_deliveries" USING btree ("tenant_id","key_id") WHERE not looped;--> statement-breakpoint
CREATE UNIQUE INDEX "card_deliveries_replaced_once" ON "card_deliveries" USING btree ("tenant_id","replaces_id") WHERE replaces_id is not null;--> statement-breakpoint
CREATE INDEX "card_deliveries_by_order" ON "card_deliveries" USING btree ("tenant_id","order_id");--> statement-breakpoint
CREATE INDEX "card_deliveries_by_trade" ON "card_deliveries" USING btree ("tenant_id","trade_id");--> statement-breakpoint
CREATE INDEX "card_deliveries_reported" ON "card_deliveries" USING btree ("tenant_id","reported_at") WHERE report_outcome = 'open';--> statement-breakpoint
CREATE INDEX "order_events_by_order" ON "order_events" USING btree ("tenant_id","order_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_external_ref" ON "orders" USING btree ("tenant_id","distributor_id","external_ref") WHERE external_ref is not null;--> statement-breakpoint
CREATE INDEX "orders_by_distributor" ON "orders" USING btree ("tenant_id","distributor_id","id");--> statement-breakpoint
CREATE INDEX "orders_by_state" ON "orders" USING btree ("tenant_id","state","id");--> statement-breakpoint
CREATE INDEX "orders_to_expire" ON "orders" USING btree ("tenant_id","expires_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "orders_by_contact" ON "orders" USING btree ("tenant_id","contact_hash") WHERE contact_hash is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "payments_transaction" ON "payments" USING btree ("tenant_id","channel_id","transaction_id") WHERE transaction_id is not null;--> statement-breakpoint
CREATE INDEX "payments_by_order" ON "payments" USING btree ("tenant_id","order_id");--> statement-breakpoint
CREATE INDEX "payments_to_ask" ON "payments" USING btree ("tenant_id","ask_at") WHERE ask_at is not null;--> statement-breakpoint
CREATE INDEX "payments_by_channel" ON "payments" USING btree ("tenant_id","channel_id","paid_at");--> statement-breakpoint
CREATE INDEX "refunds_by_order" ON "refunds" USING btree ("tenant_id","order_id");--> statement-breakpoint
CREATE INDEX "refunds_by_payment" ON "refunds" USING btree ("tenant_id","payment_id");--> statement-breakpoint
CREATE INDEX "refunds_to_send" ON "refunds" USING btree ("tenant_id","next_attempt_at") WHERE next_attempt_at is not null;--> statement-breakpoint
CREATE INDEX "distributors_by_upline" ON "distributors" USING btree ("tenant_id","upline_id");--> statement-breakpoint
CREATE INDEX "trades_by_distributor" ON "trades" USING btree ("tenant_id","distributor_id","traded_at","id") WHERE distributor_id is not null;--> statement-breakpoint
CREATE INDEX "trades_by_order" ON "trades" USING btree ("tenant_id","order_id") WHERE order_id is not null;