import * as parties from "@/server/domain/parties";
import { apiKeyIdInput, createApiKeyInput, listApiKeysInput } from "@/server/domain/parties/schemas";
import { procedure, router } from "../init";

export const apiKeysRouter = router({
  list: procedure.input(listApiKeysInput).query(({ ctx, input }) => parties.listApiKeys(ctx, input)),
  create: procedure.input(createApiKeyInput).mutation(({ ctx, input }) => parties.createApiKey(ctx, input)),
  revoke: procedure.input(apiKeyIdInput).mutation(({ ctx, input }) => parties.revokeApiKey(ctx, input)),
});
