export { addKeys } from "./batches";
export { killKeys, markDead } from "./kill-keys";
export { openKeys, type RevealedKey, revealKey } from "./open-keys";
export { createProduct, setProductStatus, updateProduct } from "./products";
export { productsForSale } from "./products-for-sale";
export { type KeyAsk, releaseKeys, reserveKeys } from "./reserve-keys";
export { takeKeys, takeReplacement } from "./take-keys";
export type * from "./types";
