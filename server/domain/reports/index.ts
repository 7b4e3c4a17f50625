export {
  type CardSales,
  type DistributorDay,
  type DistributorOverview,
  distributorOverview,
  listRecruits,
  type Recruit,
  type TierProgress,
} from "./distribution";
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
export { type Commission, eachCommission, listCommissions } from "./shares";
