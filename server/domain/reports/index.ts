export type { DaySum, LegSum, Ranked, Totals, Unpaid, Waterfall } from "./figures";
export { type Found, find } from "./find";
export {
  type DayPoint,
  type Falling,
  type HouseOverview,
  houseOverview,
  type PartyOverview,
  partyOverview,
} from "./overview";
export { checkRollups, type RolledUp, rebuildRollups, rollUp } from "./rollup";
