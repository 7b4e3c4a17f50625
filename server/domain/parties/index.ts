export {
  beginSecondFactor,
  changePassword,
  confirmSecondFactor,
  disableSecondFactor,
  endOtherSessions,
  endSession,
  getAccount,
  listSessions,
  renewRecoveryCodes,
  setLocale,
  updateProfile,
} from "./account";
export { type ApiKeyIdentity, createApiKey, listApiKeys, resolveApiKey, revokeApiKey } from "./api-keys";
export {
  acceptInvitation,
  createPasswordLink,
  getInvitation,
  type InvitationLink,
  inviteUser,
  listInvitations,
  renewInvitation,
  revokeInvitation,
} from "./invitations";
export {
  createParty,
  NUMBER_PREFIX,
  readBankAccount,
  setBankAccount,
  setPartyStatus,
  updateParty,
} from "./parties";
export { hashPassword } from "./passwords";
export {
  exportParties,
  exportUsers,
  getParty,
  listParties,
  listUsers,
  type PartyRow,
  partyOptions,
  type UserRow,
} from "./queries";
export { countAttempt, forgetOldAttempts } from "./rate-limit";
export {
  type ResolvedSession,
  resolveSession,
  SESSION_DAYS,
  SESSION_IDLE_HOURS,
  type SessionClaims,
} from "./sessions";
export { getTenantSettings, updateTenantSettings } from "./settings";
export { SIGN_IN_LIMITS, type SignInOptions, signIn, signOut } from "./sign-in";
export {
  allTenantIds,
  createTenant,
  findTenantId,
  loadTenant,
  type NewTenant,
  nextNumber,
  systemCtx,
} from "./tenant";
export { changeRole, endUserSessions, resetSecondFactor, setUserStatus } from "./users";
