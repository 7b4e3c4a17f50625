import { router } from "./init";
import { accountRouter } from "./routers/account";
import { apiKeysRouter } from "./routers/apiKeys";
import { auditRouter } from "./routers/audit";
import { calendarRouter } from "./routers/calendar";
import { campaignsRouter } from "./routers/campaigns";
import { channelsRouter } from "./routers/channels";
import { distributorsRouter } from "./routers/distributors";
import { feesRouter } from "./routers/fees";
import { importsRouter } from "./routers/imports";
import { jobsRouter } from "./routers/jobs";
import { ordersRouter } from "./routers/orders";
import { overviewRouter } from "./routers/overview";
import { partiesRouter } from "./routers/parties";
import { pricesRouter } from "./routers/prices";
import { productsRouter } from "./routers/products";
import { redemptionsRouter } from "./routers/redemptions";
import { replaysRouter } from "./routers/replays";
import { rulesRouter } from "./routers/rules";
import { searchRouter } from "./routers/search";
import { settlementRouter } from "./routers/settlement";
import { shopRouter } from "./routers/shop";
import { statementsRouter } from "./routers/statements";
import { stockRouter } from "./routers/stock";
import { storeRouter } from "./routers/store";
import { suppliersRouter } from "./routers/suppliers";
import { tenantRouter } from "./routers/tenant";
import { tiersRouter } from "./routers/tiers";
import { tradesRouter } from "./routers/trades";
import { usersRouter } from "./routers/users";
import { vouchersRouter } from "./routers/vouchers";
import { walletRouter } from "./routers/wallet";
import { walletsRouter } from "./routers/wallets";

export const appRouter = router({
  account: accountRouter,
  apiKeys: apiKeysRouter,
  audit: auditRouter,
  calendar: calendarRouter,
  campaigns: campaignsRouter,
  channels: channelsRouter,
  distributors: distributorsRouter,
  fees: feesRouter,
  imports: importsRouter,
  jobs: jobsRouter,
  orders: ordersRouter,
  overview: overviewRouter,
  parties: partiesRouter,
  prices: pricesRouter,
  products: productsRouter,
  redemptions: redemptionsRouter,
  replays: replaysRouter,
  rules: rulesRouter,
  search: searchRouter,
  settlement: settlementRouter,
  shop: shopRouter,
  statements: statementsRouter,
  stock: stockRouter,
  store: storeRouter,
  suppliers: suppliersRouter,
  tenant: tenantRouter,
  tiers: tiersRouter,
  trades: tradesRouter,
  users: usersRouter,
  vouchers: vouchersRouter,
  wallet: walletRouter,
  wallets: walletsRouter,
});
export type AppRouter = typeof appRouter;
