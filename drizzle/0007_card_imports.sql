CREATE TABLE "card_import_rejects" (
	"tenant_id" uuid NOT NULL,
	"import_id" uuid NOT NULL,
	"line" bigint NOT NULL,
	"code" text NOT NULL,
	CONSTRAINT "card_import_rejects_tenant_id_import_id_line_pk" PRIMARY KEY("tenant_id","import_id","line")
);
--> statement-breakpoint
CREATE TABLE "card_imports" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"file_name" text NOT NULL,
	"file_size" bigint NOT NULL,
	"encoding" text NOT NULL,
	"layout" text NOT NULL,
	"delimiter" text NOT NULL,
	"has_header" boolean NOT NULL,
	"product_id" uuid NOT NULL,
	"batch_id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"lines" bigint DEFAULT 0 NOT NULL,
	"skipped" bigint DEFAULT 0 NOT NULL,
	"accepted" bigint DEFAULT 0 NOT NULL,
	"rejected" bigint DEFAULT 0 NOT NULL,
	"reasons" jsonb NOT NULL,
	"forgotten_at" timestamp (3) with time zone,
	"created_by" uuid,
	"created_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "card_imports_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "card_imports_batch" UNIQUE("tenant_id","batch_id")
);
--> statement-breakpoint
ALTER TABLE "card_imports" ADD CONSTRAINT "card_imports_tenant_id_batch_id_card_batches_tenant_id_id_fk" FOREIGN KEY ("tenant_id","batch_id") REFERENCES "public"."card_batches"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "card_imports_by_product" ON "card_imports" USING btree ("tenant_id","product_id","id");--> statement-breakpoint
CREATE INDEX "card_imports_to_forget" ON "card_imports" USING btree ("tenant_id","id") WHERE forgotten_at is null;--> statement-breakpoint
CREATE INDEX "card_keys_delivered" ON "card_keys" USING btree ("tenant_id","product_id","changed_at") WHERE state = 2;--> statement-breakpoint

SELECT kaqing_protect_tables();
