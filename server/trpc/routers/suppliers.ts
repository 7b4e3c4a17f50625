import * as cards from "@/server/domain/cards";
import {
  listPrepaymentsInput,
  listSuppliersInput,
  recordPrepaymentInput,
  setSupplierTermsInput,
  supplierIdInput,
} from "@/server/domain/cards/schemas";
import { procedure, router } from "../init";

export const suppliersRouter = router({
  list: procedure.input(listSuppliersInput).query(({ ctx, input }) => cards.listSuppliers(ctx, input)),
  get: procedure.input(supplierIdInput).query(({ ctx, input }) => cards.getSupplier(ctx, input)),
  prepayments: procedure
    .input(listPrepaymentsInput)
    .query(({ ctx, input }) => cards.listPrepayments(ctx, input)),
  setTerms: procedure
    .input(setSupplierTermsInput)
    .mutation(({ ctx, input }) => cards.setSupplierTerms(ctx, input)),
  recordPrepayment: procedure
    .input(recordPrepaymentInput)
    .mutation(({ ctx, input }) => cards.recordPrepayment(ctx, input)),
});
