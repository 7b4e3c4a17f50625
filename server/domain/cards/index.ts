export { addKeys } from "./batches";
export { killKeys, markDead } from "./kill-keys";
export { openKeys, type RevealedKey, revealKey } from "./open-keys";
export { findPicture, removePicture, setPicture } from "./pictures";
export { getProduct, listProducts, productOptions } from "./product-queries";
export { createProduct, setProductStatus, updateProduct } from "./products";
export { productsForSale } from "./products-for-sale";
export { type KeyAsk, releaseKeys, reserveKeys } from "./reserve-keys";
export {
  eachBatch,
  eachKey,
  eachStock,
  getBatch,
  listBatches,
  listKeys,
  listStock,
  lowStock,
} from "./stock-queries";
export { getSupplier, listPrepayments, listSuppliers } from "./supplier-queries";
export { PREPAYMENT_LEG, recordPrepayment, setSupplierTerms } from "./suppliers";
export { takeKeys, takeReplacement } from "./take-keys";
export type * from "./types";
