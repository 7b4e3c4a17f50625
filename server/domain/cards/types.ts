import type { KeyLayout, KeyLineCode, KeyState, ProductStatus, SupplierTerms } from "./schemas";

/** Shapes that the verbs on products, stock and suppliers answer with. Amounts are minor units. */

/** A key that an order line got, with what clearing its sale needs. */
export interface TakenKey {
  keyId: string;
  lineId: string;
  batchId: string;
  productId: string;
  supplierId: string;
  cost: bigint;
  face: bigint;
  looped: boolean;
  supplierTerms: SupplierTerms;
}

export interface OpenedKey {
  /** Empty where the key has none. */
  number: string;
  secret: string;
  expiresAt: Date | null;
}

export interface ProductForSale {
  id: string;
  number: string;
  name: string;
  description: string;
  face: bigint;
  currency: string;
  looped: boolean;
  status: ProductStatus;
  maxPerOrder: number;
  imageHash: string | null;
  imagePath: string | null;
  inStock: boolean;
}

export interface Product {
  id: string;
  number: string;
  name: string;
  description: string;
  /** Null for a distributor: whose card it is is the house's business. */
  supplierId: string | null;
  supplierName: string | null;
  face: bigint;
  currency: string;
  looped: boolean;
  status: ProductStatus;
  /** 0: never warn. */
  lowStockAt: number;
  maxPerOrder: number;
  imageHash: string | null;
  imagePath: string | null;
  createdAt: Date;
  updatedAt: Date;
}
export interface ProductRow extends Product {
  /** Keys that can be sold; null for a distributor. */
  available: number | null;
  inStock: boolean;
  low: boolean;
}
export interface ProductDetail extends ProductRow {
  /** Whether face, currency, supplier and kind are fixed: there are, or were, keys. */
  locked: boolean;
  /** Null for a distributor. */
  stock: StockCounts | null;
  sales: StockPace | null;
}

/** imported = available + reserved + delivered + dead + expired. */
export interface StockCounts extends Record<KeyState, number> {
  imported: number;
}
export interface StockPace {
  /** Keys delivered in the last 14 days. */
  delivered14: number;
  /** Days that what is available lasts at that pace; null: nothing was sold, or the product is looped. */
  daysLeft: number | null;
}
export interface StockRow extends StockCounts, StockPace {
  productId: string;
  number: string;
  name: string;
  status: ProductStatus;
  looped: boolean;
  supplierId: string;
  supplierName: string;
  face: bigint;
  currency: string;
  lowStockAt: number;
  low: boolean;
  imagePath: string | null;
  /** Earliest expiry among those available. */
  nextExpiry: Date | null;
}
export interface LowStock {
  productId: string;
  number: string;
  name: string;
  available: number;
  lowStockAt: number;
  daysLeft: number | null;
}
export interface BatchRow extends StockCounts {
  id: string;
  number: string;
  productId: string;
  productName: string;
  productNumber: string;
  supplierId: string;
  supplierName: string;
  cost: bigint;
  currency: string;
  expiresAt: Date | null;
  note: string | null;
  createdAt: Date;
}
export interface BatchDetail extends BatchRow {
  /** The import that brought it, if it still stands. */
  importId: string | null;
}
/** A key without its secret. */
export interface KeyRow {
  id: string;
  batchId: string;
  productId: string;
  /** Last characters of its number; empty where it has none. */
  tail: string;
  state: KeyState;
  expiresAt: Date | null;
  orderId: string | null;
  changedAt: Date;
}

// ── imports ──

export interface StoredKeyFile {
  id: string;
  name: string;
  size: number;
  encoding: "utf-8" | "gb18030";
}
/** What a file looks like, without any of its secrets. */
export interface KeyFileInspection {
  file: StoredKeyFile;
  layout: KeyLayout;
  delimiter: "," | "\t";
  hasHeader: boolean;
  /** Whether the lines that were looked at name an expiry. */
  hasExpiry: boolean;
  /** Of the first lines: how many would be taken, and how many not, by reason; duplicates are found later. */
  sample: { lines: number; good: number; rejected: Partial<Record<KeyLineCode, number>> };
}
/** lines = accepted + rejected + skipped, at every moment. */
export interface KeyImportCounts {
  lines: number;
  /** Blank lines and the header. */
  skipped: number;
  accepted: number;
  rejected: number;
  /** Rejected lines by reason. */
  reasons: Partial<Record<KeyLineCode, number>>;
}
export interface KeyImportRow extends KeyImportCounts {
  id: string;
  fileName: string;
  fileSize: number;
  encoding: "utf-8" | "gb18030";
  layout: KeyLayout;
  productId: string;
  productName: string;
  batchId: string;
  batchNumber: string;
  jobId: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  /** Lines of the file, once they were counted. */
  total: number | null;
  error: { code: string; params: Record<string, unknown> } | null;
  createdByName: string;
  createdAt: Date;
  finishedAt: Date | null;
}
export interface KeyReject {
  line: number;
  code: KeyLineCode;
}

// ── suppliers ──

export interface SupplierRow {
  partyId: string;
  number: string;
  name: string;
  terms: SupplierTerms;
  currency: string;
  /** On credit: what the supplier is due and was not yet paid. */
  payable: bigint;
  /** Prepaid: remaining = topped up − consumed. */
  toppedUp: bigint;
  consumed: bigint;
  remaining: bigint;
  warnBelow: bigint;
  /** Prepaid, and less remains than `warnBelow`. */
  warn: boolean;
  products: number;
}
export interface Prepayment {
  tradeId: string;
  amount: bigint;
  currency: string;
  bankReference: string;
  paidAt: Date;
  recordedAt: Date;
}
