import type { Cycle } from "@/db/schema/types";

/** Who deals in card-keys in the demo, and in which. Every name is made up. Amounts in fen. */

const WEEKLY: Cycle = { kind: "weekly", weekStart: 1 };
const T7: Cycle = { kind: "windows", windowsPerDay: 1, delay: 7, dayCount: "calendar" };

export const CARD_SUPPLIERS = [
  { key: "qihang", name: "启航卡密供应链", terms: "credit", cycle: T7 },
  { key: "xingtu", name: "星途数字权益", terms: "prepaid", cycle: T7 },
  { key: "yunhe", name: "云禾虚拟商品", terms: "credit", cycle: WEEKLY },
  { key: "jinglan", name: "鲸蓝游戏发行", terms: "prepaid", cycle: T7 },
] as const satisfies readonly { key: string; name: string; terms: "credit" | "prepaid"; cycle: Cycle }[];
export type CardSupplierKey = (typeof CARD_SUPPLIERS)[number]["key"];

/** Lowest first. `part`: what the tier pays of the space between cost and face, in per mille. */
export const TIERS = [
  { code: "bronze", name: "铜牌", minVolume: 0n, part: 700n },
  { code: "silver", name: "银牌", minVolume: 2_000_000n, part: 600n },
  { code: "gold", name: "金牌", minVolume: 8_000_000n, part: 500n },
] as const;
export type TierCode = (typeof TIERS)[number]["code"];

export interface ProductRole {
  key: string;
  name: string;
  description: string;
  supplier: CardSupplierKey;
  face: bigint;
  cost: bigint;
  /** How often it is bought beside the others. */
  weight: number;
  lowStockAt: number;
  looped?: boolean;
  /** Days until its keys expire; without, never. */
  validDays?: number;
}
const product = (
  key: string,
  name: string,
  supplier: CardSupplierKey,
  face: bigint,
  cost: bigint,
  weight: number,
  more: Partial<Pick<ProductRole, "description" | "lowStockAt" | "looped" | "validDays">> = {},
): ProductRole => ({
  key,
  name,
  supplier,
  face,
  cost,
  weight,
  description: more.description ?? "付款后即时发卡，一卡一密；请在官方渠道兑换。",
  lowStockAt: more.lowStockAt ?? 40,
  ...(more.looped && { looped: true }),
  ...(more.validDays && { validDays: more.validDays }),
});

export const PRODUCTS: readonly ProductRole[] = [
  product("video-month", "星幕视频会员 月卡", "xingtu", 2_500n, 1_980n, 22),
  product("video-season", "星幕视频会员 季卡", "xingtu", 6_800n, 5_560n, 10),
  product("video-year", "星幕视频会员 年卡", "xingtu", 23_800n, 20_200n, 5, { lowStockAt: 20 }),
  product("music-month", "听野音乐会员 月卡", "yunhe", 1_800n, 1_290n, 14),
  product("reading-month", "纸间阅读会员 月卡", "yunhe", 1_900n, 1_250n, 6),
  product("game-50", "鲸蓝游戏点卡 50元", "jinglan", 5_000n, 4_700n, 18),
  product("game-100", "鲸蓝游戏点卡 100元", "jinglan", 10_000n, 9_400n, 16),
  product("game-500", "鲸蓝游戏点卡 500元", "jinglan", 50_000n, 47_200n, 4, { lowStockAt: 15 }),
  product("shop-100", "惠邻超市购物卡 100元", "qihang", 10_000n, 9_500n, 15, { validDays: 365 }),
  product("shop-200", "惠邻超市购物卡 200元", "qihang", 20_000n, 19_050n, 9, { validDays: 365 }),
  product("coffee-32", "元豆咖啡 中杯拿铁兑换码", "qihang", 3_200n, 2_150n, 13, { validDays: 90 }),
  product("cloud-trial", "云盘扩容体验码（循环）", "yunhe", 500n, 120n, 4, {
    looped: true,
    lowStockAt: 1,
    description: "同一兑换码可供多位用户使用，每个账号限领一次。",
  }),
];

export interface DistributorRole {
  name: string;
  tier: TierCode;
  /** Place of its recruiter in the list; -1: nobody. */
  upline: number;
  weight: number;
  rate?: string;
  /** The address of its shop, where it has one, and its mark-up in per mille of the price. */
  shop?: { slug: string; title: string; markup: bigint };
}
const distributor = (
  name: string,
  tier: TierCode,
  upline: number,
  weight: number,
  more: Pick<DistributorRole, "rate" | "shop"> = {},
): DistributorRole => ({ name, tier, upline, weight, ...more });
const shop = (slug: string, title: string, markup: bigint) => ({ shop: { slug, title, markup } });

/** The first one is the party of the demo's distributor sign-in. */
export const DISTRIBUTORS: readonly DistributorRole[] = [
  distributor("联众卡券分销", "gold", -1, 16, { rate: "0.012", ...shop("lianzhong", "联众卡券旗舰店", 15n) }),
  distributor("极速卡盟", "gold", -1, 14, shop("jisu", "极速卡盟自助发卡", 10n)),
  distributor("云仓数字商贸", "gold", -1, 11),
  distributor("小满权益商城", "silver", 0, 8, shop("xiaoman", "小满权益商城", 30n)),
  distributor("南风点卡铺", "silver", 0, 7, shop("nanfeng", "南风点卡铺", 25n)),
  distributor("橘子会员屋", "silver", 1, 7, shop("juzi", "橘子会员屋", 30n)),
  distributor("青柠卡券", "silver", 1, 6),
  distributor("江城数卡", "silver", 2, 6),
  distributor("拾光会员站", "silver", 2, 5, shop("shiguang", "拾光会员站", 40n)),
  distributor("老王点卡", "bronze", 3, 4, shop("laowang", "老王点卡自助店", 40n)),
  distributor("阿布权益", "bronze", 3, 3),
  distributor("北岸小铺", "bronze", 4, 3, shop("beian", "北岸小铺", 50n)),
  distributor("蜂巢卡密", "bronze", 4, 3),
  distributor("柚子商行", "bronze", 5, 3),
  distributor("星河点券", "bronze", 5, 2),
  distributor("海风数码店", "bronze", 6, 2),
  distributor("山茶会员铺", "bronze", 7, 2),
  distributor("秋田小店", "bronze", 7, 2),
  distributor("木木权益", "bronze", 8, 2),
  distributor("一叶卡券", "bronze", 8, 1),
];

export const DEAD_REASONS = ["提示卡密已被使用", "提示卡密不存在", "兑换时报错，换账号也不行"];
export const ORDER_REFUND_REASONS = ["买家拍错商品", "买家未提取，申请退款", "与买家协商退款"];
