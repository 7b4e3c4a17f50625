import { type Benchmark, rounded } from "./support/bench";
import { httpRequest } from "./support/http";
import { load } from "./support/load";
import { startPortal } from "./support/portal";
import { checkBooks, redemptionBodies } from "./support/redemptions";
import { makeWorld } from "./support/world";

const CONNECTIONS = 64;
const GOAL = 0.6;
const P99_MS = 50;

/** One redemption a request, beside an empty route of the same server: that one goes through Next, the API does not. */
const redeemSingle: Benchmark = async (setting) => {
  const { scale, say } = setting;
  const duration = Math.max(5, Math.round(15 * scale));
  const world = await makeWorld(setting, {
    vouchers: Math.max(200_000, Math.round(500_000 * scale)),
    merchants: 500,
  });
  try {
    const portal = await startPortal(setting);
    try {
      say("Floor: an empty route …");
      const ping = httpRequest("GET", "/api/v1/ping", { authorization: `Bearer ${world.apiKey}` });
      const floor = await load(portal.port, {
        connections: CONNECTIONS,
        seconds: duration,
        next: () => ping,
        check({ status }) {
          if (status !== 200) throw new Error(`the empty route answered ${status}`);
        },
      });

      say("Redeeming one by one over HTTP …");
      const bodies = redemptionBodies(world);
      let keys = 0;
      const result = await load(portal.port, {
        connections: CONNECTIONS,
        seconds: duration,
        warmUpSeconds: 4,
        next() {
          const body = bodies();
          if (body === null) return null;
          const headers = {
            authorization: `Bearer ${world.apiKey}`,
            "content-type": "application/json",
            "idempotency-key": `single-${++keys}`,
          };
          return httpRequest("POST", "/api/v1/redemptions", headers, body);
        },
        check({ status, body }) {
          if (status !== 201) throw new Error(`a redemption answered ${status}: ${body.slice(0, 600)}`);
        },
      });
      const legs = await checkBooks(world);
      const by = `${world.vouchers.toLocaleString("en")} vouchers, ${legs} legs each, ${CONNECTIONS} connections`;
      return [
        {
          name: "redeem-single",
          value: Math.round(result.perSecond),
          unit: "redemptions/s",
          floor: Math.round(floor.perSecond),
          ratio: rounded(result.perSecond / floor.perSecond),
          goal: `≥ ${GOAL} × the floor`,
          met: result.perSecond >= GOAL * floor.perSecond,
          note: `floor: an empty route of the same server, which goes through Next as the API does not (p50 ${rounded(floor.p50, 1)} ms, p99 ${rounded(floor.p99, 1)} ms); ${by}`,
        },
        {
          name: "redeem-single p99",
          value: rounded(result.p99, 1),
          unit: "ms",
          floor: rounded(floor.p99, 1),
          ratio: rounded(result.p99 / floor.p99),
          goal: `< ${P99_MS} ms`,
          met: result.p99 < P99_MS,
          note: `p50 ${rounded(result.p50, 1)} ms`,
        },
      ];
    } finally {
      await portal.stop();
    }
  } finally {
    await world.close();
  }
};

export default redeemSingle;
