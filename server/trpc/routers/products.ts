import * as cards from "@/server/domain/cards";
import {
  createProductInput,
  listProductsInput,
  productIdInput,
  productOptionsInput,
  setProductStatusInput,
  updateProductInput,
} from "@/server/domain/cards/schemas";
import { procedure, router } from "../init";

export const productsRouter = router({
  list: procedure.input(listProductsInput).query(({ ctx, input }) => cards.listProducts(ctx, input)),
  get: procedure.input(productIdInput).query(({ ctx, input }) => cards.getProduct(ctx, input)),
  options: procedure.input(productOptionsInput).query(({ ctx, input }) => cards.productOptions(ctx, input)),
  create: procedure.input(createProductInput).mutation(({ ctx, input }) => cards.createProduct(ctx, input)),
  update: procedure.input(updateProductInput).mutation(({ ctx, input }) => cards.updateProduct(ctx, input)),
  setStatus: procedure
    .input(setProductStatusInput)
    .mutation(({ ctx, input }) => cards.setProductStatus(ctx, input)),
});
