export { addKeys } from "./batches";
export { expireCards } from "./expire-cards";
export { forgetKeyFile, storeKeyFile, sweepKeyFiles } from "./key-files";
export { eachKeyReject, getKeyImport, listKeyImports, listKeyRejects } from "./key-import-queries";
export { killKeys, markDead } from "./kill-keys";
export { openKeys, type RevealedKey, revealKey } from "./open-keys";
export { findPicture, removePicture, setPicture } from "./pictures";
export { getProduct, listProducts, productOptions } from "./product-queries";
export { createProduct, setProductStatus, updateProduct } from "./products";
export { productsForSale } from "./products-for-sale";
export { type KeyAsk, releaseKeys, reserveKeys } from "./reserve-keys";
export { runKeyImport } from "./run-key-import";
export { inspectKeyFile, startKeyImport } from "./start-key-import";
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
