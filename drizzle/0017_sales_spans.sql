CREATE TABLE "sales_spans" (
	"tenant_id" uuid NOT NULL,
	"currency" text NOT NULL,
	"seller" text NOT NULL,
	"days" integer NOT NULL,
	"first_day" date NOT NULL,
	"seller_id" uuid NOT NULL,
	"trades" bigint NOT NULL,
	"gross" bigint NOT NULL,
	CONSTRAINT "sales_spans_tenant_id_currency_seller_days_first_day_seller_id_pk" PRIMARY KEY("tenant_id","currency","seller","days","first_day","seller_id")
);
--> statement-breakpoint
SELECT kaqing_protect_tables();
--> statement-breakpoint
-- Out of the sums by day, so that the mark of the roll-ups holds for them as well.
INSERT INTO sales_spans (tenant_id, currency, seller, days, first_day, seller_id, trades, gross)
SELECT d.tenant_id, d.currency, s.seller, l.days, d.day - (d.day - date '0001-01-01') % l.days AS first_day, s.seller_id,
  sum(d.trades)::bigint, sum(d.gross)::bigint
FROM trade_days d
CROSS JOIN LATERAL (VALUES
  ('merchant', d.merchant_id, d.campaign_id), ('campaign', d.campaign_id, d.merchant_id)) s (seller, seller_id, other_id)
CROSS JOIN (VALUES (1), (4), (16), (64)) l (days)
WHERE s.other_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
  AND s.seller_id NOT IN ('ffffffff-ffff-ffff-ffff-ffffffffffff', '00000000-0000-0000-0000-000000000000')
GROUP BY d.tenant_id, d.currency, s.seller, l.days, first_day, s.seller_id;
