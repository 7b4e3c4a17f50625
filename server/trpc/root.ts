import { router } from "./init";
import { accountRouter } from "./routers/account";
import { apiKeysRouter } from "./routers/apiKeys";
import { auditRouter } from "./routers/audit";
import { partiesRouter } from "./routers/parties";
import { rulesRouter } from "./routers/rules";
import { searchRouter } from "./routers/search";
import { tenantRouter } from "./routers/tenant";
import { tradesRouter } from "./routers/trades";
import { usersRouter } from "./routers/users";

export const appRouter = router({
  account: accountRouter,
  apiKeys: apiKeysRouter,
  audit: auditRouter,
  parties: partiesRouter,
  rules: rulesRouter,
  search: searchRouter,
  tenant: tenantRouter,
  trades: tradesRouter,
  users: usersRouter,
});
export type AppRouter = typeof appRouter;
