import * as pricing from "@/server/domain/pricing";
import {
  listShopItemsInput,
  setShopItemsInput,
  shopInput,
  updateShopInput,
} from "@/server/domain/pricing/schemas";
import { procedure, router } from "../init";

/** A distributor's settings of its shop; what buyers see is elsewhere. */
export const shopRouter = router({
  get: procedure.input(shopInput).query(({ ctx, input }) => pricing.getShop(ctx, input)),
  update: procedure.input(updateShopInput).mutation(({ ctx, input }) => pricing.updateShop(ctx, input)),
  items: procedure.input(listShopItemsInput).query(({ ctx, input }) => pricing.listShopItems(ctx, input)),
  setItems: procedure.input(setShopItemsInput).mutation(({ ctx, input }) => pricing.setShopItems(ctx, input)),
});
