import * as parties from "@/server/domain/parties";
import {
  createPartyInput,
  listPartiesInput,
  partyIdInput,
  partyOptionsInput,
  setBankAccountInput,
  setPartyStatusInput,
  updatePartyInput,
} from "@/server/domain/parties/schemas";
import { procedure, router } from "../init";

export const partiesRouter = router({
  list: procedure.input(listPartiesInput).query(({ ctx, input }) => parties.listParties(ctx, input)),
  get: procedure.input(partyIdInput).query(({ ctx, input }) => parties.getParty(ctx, input)),
  options: procedure.input(partyOptionsInput).query(({ ctx, input }) => parties.partyOptions(ctx, input)),
  create: procedure.input(createPartyInput).mutation(({ ctx, input }) => parties.createParty(ctx, input)),
  update: procedure.input(updatePartyInput).mutation(({ ctx, input }) => parties.updateParty(ctx, input)),
  setStatus: procedure
    .input(setPartyStatusInput)
    .mutation(({ ctx, input }) => parties.setPartyStatus(ctx, input)),
  setBankAccount: procedure
    .input(setBankAccountInput)
    .mutation(({ ctx, input }) => parties.setBankAccount(ctx, input)),
  /** A mutation: each reading leaves an entry in the audit log. */
  readBankAccount: procedure
    .input(partyIdInput)
    .mutation(({ ctx, input }) => parties.readBankAccount(ctx, input)),
});
