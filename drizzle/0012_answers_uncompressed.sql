-- Long answers kept under an idempotency key, and long entries of the audit, are written once in the transaction of the
-- change and seldom read again. Compressed they take a third of the room, 90 bytes a redemption of a batch in place of
-- 280, but compressing costs that transaction more than writing them. What was written before stays as it is.
ALTER TABLE idempotency_keys ALTER COLUMN response SET STORAGE EXTERNAL;
--> statement-breakpoint
ALTER TABLE audit_log ALTER COLUMN data SET STORAGE EXTERNAL;
