export default {
  own: "本月至今：{month}",
  staff: "{month} 进度",
  volume: "累计交易额",
  count: "{count, plural, other {# 笔}}",
  rate: "{pays, select, yes {当前费率} other {当前佣金率}}",
  charged: "{pays, select, yes {已计费用} other {已计佣金}}",
  bar: "各档位的进度",
  barText: "现在 {rate}，再有 {missing} 进入 {next} 档",
  next: "再有 {missing}，满 {from} 后费率为 {rate}。",
  gainPer: "此后每 {per} {way, select, saves {少付} costs {多付} brings {多得} other {少得}} {gain}。",
  gainWhole: "达到后全月{way, select, saves {少付} costs {多付} brings {多得} other {少得}} {gain}。",
  last: "已在最后一档。",
  ending:
    "若本月到此为止，全月应计 {comesTo}，月末{way, select, charged {补收} givenBack {退还} paid {补付} other {扣回}} {amount}。",
  schedule: {
    title: "费率方案：{leg}",
    because: { party: "专为您设定", tier: "按您的等级", everyone: "适用于全体" },
  },
};
