import { type Benchmark, rounded } from "./support/bench";
import { type Floor, redeemFloor } from "./support/floor";
import { httpRequest } from "./support/http";
import { load } from "./support/load";
import { touchMemory } from "./support/memory";
import { startPortal } from "./support/portal";
import { checkBooks, redemptionBodies } from "./support/redemptions";
import { makeWorld } from "./support/world";

const BATCH = 100;
const CONNECTIONS = 8;
/** Seconds in which V8 still compiles what is hot; the floor has nothing to compile. */
const WARM_UP = 6;
const GOAL = 3;

/**
 * Cleared redemptions a second over HTTP, beside one hand-written transaction a redemption, measured before and after:
 * a machine that others share is not as fast in one minute as in the next.
 */
const redeemBatch: Benchmark = async (setting) => {
  const { scale, say } = setting;
  const duration = Math.max(5, Math.round(20 * scale));
  const world = await makeWorld(setting, {
    vouchers: Math.max(200_000, Math.round(2_000_000 * scale)),
    merchants: 500,
  });
  const floors: Floor[] = [];
  const measureFloor = async () => {
    say("Floor: one hand-written transaction a redemption …");
    floors.push(await redeemFloor(world, setting.url, duration, floors.length));
    await world.owner.sql.unsafe("vacuum (analyze) vouchers, trades, transfers");
  };
  const memory = touchMemory(setting);
  try {
    await measureFloor();
    const portal = await startPortal(setting);
    try {
      const bodies = redemptionBodies(world);
      let keys = 0;
      const measure = async (name: string, what: string) => {
        say(`Redeeming in batches of ${BATCH} over HTTP, ${what} …`);
        const result = await load(portal.port, {
          connections: CONNECTIONS,
          seconds: duration,
          warmUpSeconds: WARM_UP,
          next() {
            const items = [];
            for (let i = 0; i < BATCH; i++) {
              const item = bodies();
              if (item === null) return null;
              items.push(item);
            }
            const headers = {
              authorization: `Bearer ${world.apiKey}`,
              "content-type": "application/json",
              "idempotency-key": `batch-${++keys}`,
            };
            return httpRequest("POST", "/api/v1/redemptions/batch", headers, `{"items":[${items.join()}]}`);
          },
          check({ status, body }) {
            if (status !== 200 || !body.startsWith(`{"redeemed":${BATCH},`))
              throw new Error(`a batch answered ${status}: ${body.slice(0, 600)}`);
          },
        });
        const legs = await checkBooks(world);
        await measureFloor();
        const [before, after] = floors.slice(-2).map((floor) => floor.perSecond) as [number, number];
        const floor = (before + after) / 2;
        const perSecond = result.perSecond * BATCH;
        return {
          name,
          value: Math.round(perSecond),
          unit: "redemptions/s",
          floor: Math.round(floor),
          ratio: rounded(perSecond / floor),
          goal: `≥ ${GOAL} × the floor`,
          met: perSecond >= GOAL * floor,
          note: `${what}; floor: ${floors[0]?.by}, ${Math.round(before)} before and ${Math.round(after)} after; ${world.vouchers.toLocaleString("en")} vouchers, ${world.merchants} merchants, ${legs} legs each; ${CONNECTIONS} connections, p50 ${rounded(result.p50, 1)} ms, p99 ${rounded(result.p99, 1)} ms a batch`,
        };
      };
      const plain = await measure("redeem-batch", "commission at a rate");
      await world.graduate();
      return [plain, await measure("redeem-batch, graduated", "commission by a graduated fee schedule")];
    } finally {
      await portal.stop();
    }
  } finally {
    memory.giveBack();
    await world.close();
  }
};

export default redeemBatch;
