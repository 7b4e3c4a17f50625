import * as parties from "@/server/domain/parties";
import { tenantSettingsInput } from "@/server/domain/parties/schemas";
import { procedure, router } from "../init";

export const tenantRouter = router({
  settings: procedure.query(({ ctx }) => parties.getTenantSettings(ctx)),
  updateSettings: procedure
    .input(tenantSettingsInput)
    .mutation(({ ctx, input }) => parties.updateTenantSettings(ctx, input)),
});
