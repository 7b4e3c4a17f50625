export {
  type Distributor,
  type DistributorTerms,
  distributorTerms,
  getDistributor,
  listDistributors,
  setDistributor,
} from "./distributors";
export { listPrices, type PriceRow, pricesFor, setPrices } from "./prices";
export {
  getShop,
  listShopItems,
  type Shop,
  type ShopItem,
  setShopItems,
  shopBySlug,
  shopItemsOf,
  updateShop,
} from "./shops";
export { createTier, listTiers, removeTier, type Tier, updateTier } from "./tiers";
export { type SellerTerms, sellerTermsOf } from "./uplines";
