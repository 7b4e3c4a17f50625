import type { Database } from "@/db/client";
import { clientAddress } from "@/server/auth/origin";
import { requestIdOf } from "@/server/auth/request";
import type { Clock } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { appDatabase } from "@/server/core/runtime";
import { revealByLink } from "../domain/orders";
import { presentCard } from "./orders-present";
import { problemOf, problemResponse, type Reader } from "./problem";

const KEY = /^Bearer ok_([\w-]{1,64})\.([\w-]{43})$/;

/** The order's own key, of its pick-up path: it opens the cards of this order alone, for as long as the link works. */
export function pickupKeyOf(pickupPath: string): string {
  const [, , slug = "", token = ""] = pickupPath.split("/");
  return `ok_${slug}.${token}`;
}

/**
 * POST /api/v1/pickup: the cards of one order, for whoever holds its key; no API key of a party is needed. Counted and
 * audited as the pick-up page is. Whatever is wrong with a key says the same: LINK_INVALID.
 */
export function pickupHandler(
  reader: (acceptLanguage: string | null, timeZone: string) => Reader,
  { db, clock }: { db?: Database; clock?: Clock } = {},
): (req: Request) => Promise<Response> {
  return async (req) => {
    const requestId = requestIdOf(req.headers);
    try {
      const [, tenant, token] = KEY.exec(req.headers.get("authorization") ?? "") ?? [];
      if (!tenant || !token) throw new DomainError("LINK_INVALID");
      const visitor = { db: db ?? appDatabase(), ip: clientAddress(req.headers), ...(clock && { clock }) };
      const { cards } = await revealByLink(visitor, { tenant, token });
      return Response.json(
        { cards: cards.map(presentCard) },
        { headers: { "cache-control": "no-store", "x-request-id": requestId } },
      );
    } catch (error) {
      const said = reader(req.headers.get("accept-language"), "UTC");
      return problemResponse(problemOf(error, said, requestId), {
        "x-request-id": requestId,
        "content-language": said.locale,
      });
    }
  };
}
