-- What the tables of card-keys and orders do not hold by themselves.
SELECT kaqing_protect_tables();
--> statement-breakpoint

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
REVOKE UPDATE, DELETE ON order_events FROM kaqing_app;
--> statement-breakpoint

-- A key that was delivered, died or expired never comes back into stock, and belongs to its line for ever.
CREATE TRIGGER keep_card_state BEFORE UPDATE ON card_keys FOR EACH ROW
  WHEN ((OLD.state = 2 AND NEW.state NOT IN (2, 3)) OR (OLD.state = 3 AND NEW.state <> 3) OR (OLD.state = 4 AND NEW.state NOT IN (3, 4))
    OR (OLD.state IN (2, 3) AND OLD.order_line_id IS DISTINCT FROM NEW.order_line_id))
  EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
ALTER TABLE card_keys ADD CONSTRAINT card_keys_state CHECK (state BETWEEN 0 AND 4 AND (state NOT IN (1, 2) OR order_line_id IS NOT NULL));
--> statement-breakpoint
ALTER TABLE orders ADD CONSTRAINT orders_refunded CHECK (refunded >= 0 AND refunded <= total AND total > 0);
--> statement-breakpoint
ALTER TABLE order_lines ADD CONSTRAINT order_lines_quantity CHECK (quantity > 0 AND refunded >= 0 AND refunded <= quantity AND price > 0 AND markup >= 0 AND markup < price);
--> statement-breakpoint
ALTER TABLE payments ADD CONSTRAINT payments_amount CHECK (amount > 0 AND (received IS NULL OR received > 0));
--> statement-breakpoint
ALTER TABLE refunds ADD CONSTRAINT refunds_amount CHECK (amount > 0);
--> statement-breakpoint
ALTER TABLE products ADD CONSTRAINT products_face CHECK (face > 0 AND max_per_order BETWEEN 1 AND 10000);
--> statement-breakpoint
ALTER TABLE card_batches ADD CONSTRAINT card_batches_cost CHECK (cost >= 0 AND imported >= 0);
--> statement-breakpoint
ALTER TABLE card_prices ADD CONSTRAINT card_prices_price CHECK (price > 0);
--> statement-breakpoint
ALTER TABLE shop_items ADD CONSTRAINT shop_items_markup CHECK (markup >= 0);
--> statement-breakpoint
ALTER TABLE distributors ADD CONSTRAINT distributors_upline CHECK (upline_id IS NULL OR upline_id <> party_id);
