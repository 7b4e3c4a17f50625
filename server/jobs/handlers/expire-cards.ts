import { expireCards, sweepKeyFiles } from "@/server/domain/cards";
import type { TaskHandler } from "../registry";

/** Writes down which keys have expired, and deletes uploaded files of keys that nothing needs any more. */
export const expireCardsAndFiles: TaskHandler = async (ctx) => {
  await expireCards(ctx);
  await sweepKeyFiles(ctx);
};
