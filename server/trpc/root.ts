import { router } from "./init";
import { rulesRouter } from "./routers/rules";
import { tradesRouter } from "./routers/trades";

export const appRouter = router({
  rules: rulesRouter,
  trades: tradesRouter,
});
export type AppRouter = typeof appRouter;
