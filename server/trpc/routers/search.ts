import { find } from "@/server/domain/reports";
import { findInput } from "@/server/domain/reports/find-schemas";
import { procedure, router } from "../init";

export const searchRouter = router({
  find: procedure.input(findInput).query(({ ctx, input }) => find(ctx, input)),
});
