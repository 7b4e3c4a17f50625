import { systemClock } from "@/server/core/context";
import { appDatabase } from "@/server/core/runtime";
import * as parties from "@/server/domain/parties";
import {
  acceptInvitationInput,
  changeRoleInput,
  invitationIdInput,
  invitationTokenInput,
  inviteUserInput,
  listInvitationsInput,
  listUsersInput,
  setUserStatusInput,
  userIdInput,
} from "@/server/domain/parties/schemas";
import { procedure, publicProcedure, router } from "../init";

export const usersRouter = router({
  list: procedure.input(listUsersInput).query(({ ctx, input }) => parties.listUsers(ctx, input)),
  changeRole: procedure.input(changeRoleInput).mutation(({ ctx, input }) => parties.changeRole(ctx, input)),
  setStatus: procedure
    .input(setUserStatusInput)
    .mutation(({ ctx, input }) => parties.setUserStatus(ctx, input)),
  endSessions: procedure.input(userIdInput).mutation(({ ctx, input }) => parties.endUserSessions(ctx, input)),
  resetSecondFactor: procedure
    .input(userIdInput)
    .mutation(({ ctx, input }) => parties.resetSecondFactor(ctx, input)),
  createPasswordLink: procedure
    .input(userIdInput)
    .mutation(({ ctx, input }) => parties.createPasswordLink(ctx, input)),
  invitations: procedure
    .input(listInvitationsInput)
    .query(({ ctx, input }) => parties.listInvitations(ctx, input)),
  invite: procedure.input(inviteUserInput).mutation(({ ctx, input }) => parties.inviteUser(ctx, input)),
  renewInvitation: procedure
    .input(invitationIdInput)
    .mutation(({ ctx, input }) => parties.renewInvitation(ctx, input)),
  revokeInvitation: procedure
    .input(invitationIdInput)
    .mutation(({ ctx, input }) => parties.revokeInvitation(ctx, input)),
  /** For whoever holds the link. */
  invitation: publicProcedure
    .input(invitationTokenInput)
    .query(({ input }) => parties.getInvitation(appDatabase(), input, systemClock)),
  acceptInvitation: publicProcedure.input(acceptInvitationInput).mutation(({ ctx, input }) =>
    parties.acceptInvitation(appDatabase(), input, {
      clock: systemClock,
      requestId: ctx.requestId,
      ip: ctx.ip,
    }),
  ),
});
