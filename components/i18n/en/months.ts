import type { Shape } from "../shape";
import type zh from "../zh-CN/months";

export default {
  own: "Your {month} so far",
  staff: "{month} so far",
  volume: "Volume",
  count: "{count, plural, one {# trade} other {# trades}}",
  rate: "{pays, select, yes {Rate now} other {Commission rate now}}",
  charged: "{pays, select, yes {Fees so far} other {Commission so far}}",
  bar: "Progress through the bands",
  barText: "{rate} now, {missing} more to the band of {next}",
  next: "{missing} more, and from {from} the rate is {rate}.",
  gainPer:
    "From then on each {per} {way, select, saves {saves} costs {costs another} brings {brings another} other {brings less by}} {gain}.",
  gainWhole:
    "Once there, the whole month {way, select, saves {saves} costs {costs another} brings {brings another} other {brings less by}} {gain}.",
  last: "This is the last band.",
  ending:
    "If the month ended now it would come to {comesTo}: {amount} {way, select, charged {charged} givenBack {given back} paid {paid to you} other {taken back}} at its end.",
  schedule: {
    title: "Fee schedule: {leg}",
    because: { party: "For you alone", tier: "For your tier", everyone: "For everyone" },
  },
} satisfies Shape<typeof zh>;
