import type { Cycle } from "@/db/schema/types";
import type { CreateCampaignInput } from "@/server/domain/vouchers/schemas";

/** Who and what the demo is about. Every name is made up. Amounts of orders in yuan, of terms in fen. */

export type Category =
  | "咖啡"
  | "茶饮"
  | "正餐"
  | "烘焙"
  | "超市"
  | "便利店"
  | "影院"
  | "美妆"
  | "母婴"
  | "数码"
  | "书店"
  | "健身"
  | "药店"
  | "亲子乐园";

/** Usual orders: from, to, and what most are near. */
export const ORDERS: Record<Category, readonly [number, number, number]> = {
  咖啡: [15, 90, 32],
  茶饮: [12, 80, 28],
  正餐: [60, 680, 180],
  烘焙: [18, 160, 58],
  超市: [30, 520, 130],
  便利店: [8, 90, 28],
  影院: [45, 360, 120],
  美妆: [80, 980, 260],
  母婴: [70, 880, 240],
  数码: [150, 3600, 620],
  书店: [28, 320, 90],
  健身: [99, 1200, 300],
  药店: [20, 360, 85],
  亲子乐园: [88, 520, 190],
};

const T0: Cycle = { kind: "immediate" };
const T1: Cycle = { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "calendar" };
const T1_BUSINESS: Cycle = { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "business" };
const T7: Cycle = { kind: "windows", windowsPerDay: 1, delay: 7, dayCount: "calendar" };
const WEEKLY: Cycle = { kind: "weekly", weekStart: 1 };
const MONTHLY: Cycle = { kind: "monthly" };

export interface MerchantRole {
  name: string;
  city: string;
  category: Category;
  /** How busy it is beside the others. */
  weight: number;
  cycle: Cycle;
}
const merchant = (
  name: string,
  city: string,
  category: Category,
  weight: number,
  cycle: Cycle,
): MerchantRole => ({ name, city, category, weight, cycle });

export const MERCHANTS: readonly MerchantRole[] = [
  merchant("晨屿咖啡·徐家汇店", "上海", "咖啡", 9, T1),
  merchant("晨屿咖啡·陆家嘴店", "上海", "咖啡", 8, T1),
  merchant("半山手冲咖啡馆", "杭州", "咖啡", 4, T7),
  merchant("云朵咖啡·天府店", "成都", "咖啡", 5, T1),
  merchant("茶里有山·南山店", "深圳", "茶饮", 8, T1),
  merchant("茶里有山·天河店", "广州", "茶饮", 7, T1),
  merchant("一盏鲜果茶", "长沙", "茶饮", 6, T0),
  merchant("老巷子本帮菜馆", "上海", "正餐", 6, T1_BUSINESS),
  merchant("蜀香居川菜·春熙路店", "成都", "正餐", 7, T1),
  merchant("粤海渔港酒楼", "广州", "正餐", 4, WEEKLY),
  merchant("胡同炙子烤肉", "北京", "正餐", 5, T1_BUSINESS),
  merchant("西湖船菜·湖滨店", "杭州", "正餐", 4, T1),
  merchant("北疆羊肉馆", "西安", "正餐", 4, T1),
  merchant("山城小面馆", "重庆", "正餐", 6, T0),
  merchant("麦穗面包工坊", "南京", "烘焙", 5, T1),
  merchant("初雪甜品·鼓楼店", "南京", "烘焙", 4, T1),
  merchant("熊猫曲奇烘焙", "成都", "烘焙", 3, T7),
  merchant("惠邻生鲜超市·望京店", "北京", "超市", 10, T1_BUSINESS),
  merchant("惠邻生鲜超市·五道口店", "北京", "超市", 9, T1_BUSINESS),
  merchant("好家园大卖场", "武汉", "超市", 8, WEEKLY),
  merchant("江南百货超市", "苏州", "超市", 6, T1),
  merchant("橙子便利·科技园店", "深圳", "便利店", 8, T1),
  merchant("橙子便利·会展店", "深圳", "便利店", 6, T1),
  merchant("街角便利店", "天津", "便利店", 4, T0),
  merchant("星幕影城·大悦店", "北京", "影院", 6, T7),
  merchant("光年影城·光谷店", "武汉", "影院", 5, T7),
  merchant("海岸线影院", "青岛", "影院", 3, MONTHLY),
  merchant("素颜研究所美妆集合店", "上海", "美妆", 4, T1),
  merchant("花间美妆·观前店", "苏州", "美妆", 3, T7),
  merchant("小鹿妈妈母婴生活馆", "杭州", "母婴", 4, T1),
  merchant("童心母婴·解放碑店", "重庆", "母婴", 3, WEEKLY),
  merchant("极客方块数码", "深圳", "数码", 3, T1_BUSINESS),
  merchant("声浪音响耳机店", "广州", "数码", 2, T7),
  merchant("纸间书店", "南京", "书店", 3, MONTHLY),
  merchant("半岛书局", "厦门", "书店", 2, MONTHLY),
  merchant("热力健身·国贸店", "北京", "健身", 2, WEEKLY),
  merchant("跃动健身工作室", "西安", "健身", 2, T7),
  merchant("康宁大药房·中山路店", "青岛", "药店", 4, T1_BUSINESS),
  merchant("百草堂药房", "天津", "药店", 3, T1),
  merchant("奇妙星球亲子乐园", "长沙", "亲子乐园", 3, T7),
];

export const BRANDS = [
  { key: "dairy", name: "青岚乳业", cycle: WEEKLY },
  { key: "tea", name: "山野茶集", cycle: MONTHLY },
  { key: "coffee", name: "元豆咖啡", cycle: WEEKLY },
  { key: "drinks", name: "沁源饮料", cycle: MONTHLY },
  { key: "snacks", name: "小满零食", cycle: WEEKLY },
  { key: "care", name: "洁朗日化", cycle: T7 },
  { key: "baby", name: "禾悦母婴", cycle: MONTHLY },
  { key: "digital", name: "极光数码", cycle: T7 },
] as const satisfies readonly { key: string; name: string; cycle: Cycle }[];
export type BrandKey = (typeof BRANDS)[number]["key"];

export const CHANNELS = [
  { key: "wechat", name: "微信支付", rate: "0.006", refundsFee: true },
  { key: "alipay", name: "支付宝", rate: "0.006", refundsFee: false },
] as const;
export type ChannelKey = (typeof CHANNELS)[number]["key"];

export interface CampaignRole {
  key: string;
  name: string;
  terms: CreateCampaignInput["terms"];
  funding: CreateCampaignInput["funding"];
  brand?: BrandKey;
  /** Through which the platform collects; without, the merchants do. */
  channel?: ChannelKey;
  /** Where it may be used; without, everywhere. */
  categories?: readonly Category[];
  productCodes?: readonly string[];
  /** Fen that an order has to reach. */
  minimum?: number;
  /** How much it is used beside the others. */
  weight: number;
  validDays: number;
  verification?: "dynamic";
  perCustomerLimit?: number;
  quota?: number;
}

const shares = (brand: string, platform: string, merchant: string) =>
  [
    { party: "brand", share: brand },
    { party: "platform", share: platform },
    { party: "merchant", share: merchant },
  ].filter(({ share }) => share !== "0");

export const CAMPAIGNS: readonly CampaignRole[] = [
  {
    key: "meal",
    name: "周末聚餐 满100减20",
    terms: { type: "threshold", threshold: "10000", amount: "2000" },
    funding: shares("0.5", "0.3", "0.2"),
    brand: "drinks",
    channel: "wechat",
    categories: ["正餐", "影院", "亲子乐园"],
    minimum: 10_000,
    weight: 16,
    validDays: 30,
  },
  {
    key: "grocery",
    name: "生鲜超市 每满50减8",
    terms: { type: "threshold", threshold: "5000", amount: "800", every: true, ceiling: "4000" },
    funding: shares("0.6", "0.2", "0.2"),
    brand: "dairy",
    channel: "alipay",
    categories: ["超市", "便利店"],
    minimum: 5_000,
    weight: 18,
    validDays: 15,
  },
  {
    key: "welcome",
    name: "新人立减10元",
    terms: { type: "fixed", amount: "1000" },
    funding: [], // as the split rule says
    channel: "wechat",
    minimum: 1_500,
    weight: 8,
    validDays: 30,
    perCustomerLimit: 1,
    quota: 50_000,
  },
  {
    key: "latte",
    name: "拿铁立减6元",
    terms: { type: "fixed", amount: "600" },
    funding: shares("0.7", "0", "0.3"),
    brand: "coffee",
    categories: ["咖啡"],
    minimum: 1_500,
    weight: 14,
    validDays: 20,
  },
  {
    key: "beauty",
    name: "美妆个护 8折",
    terms: { type: "percent", off: "0.2", minimum: "8000", ceiling: "6000" },
    funding: shares("0.65", "0.15", "0.2"),
    brand: "care",
    channel: "wechat",
    categories: ["美妆", "药店", "超市"],
    minimum: 8_000,
    weight: 7,
    validDays: 30,
  },
  {
    key: "member",
    name: "会员日 9折",
    terms: { type: "percent", off: "0.1", ceiling: "3000" },
    funding: shares("0", "0.5", "0.5"),
    channel: "alipay",
    minimum: 2_000,
    weight: 8,
    validDays: 7,
  },
  {
    key: "cereal",
    name: "婴儿米粉试用装兑换券",
    terms: { type: "exchange", productCodes: ["HY-RICE-50"], ceiling: "1500" },
    funding: shares("1", "0", "0"),
    brand: "baby",
    categories: ["超市", "母婴"],
    productCodes: ["HY-RICE-50"],
    weight: 7,
    validDays: 14,
  },
  {
    key: "teacup",
    name: "山野乌龙一杯兑换券",
    terms: { type: "exchange", productCodes: ["SY-OOL-M", "SY-OOL-L"], ceiling: "2200" },
    funding: shares("0.8", "0", "0.2"),
    brand: "tea",
    categories: ["茶饮"],
    productCodes: ["SY-OOL-M", "SY-OOL-L"],
    weight: 8,
    validDays: 14,
  },
  {
    key: "card200",
    name: "惠享礼品卡 200元",
    terms: { type: "gift_card", balance: "20000" },
    funding: [],
    channel: "wechat",
    weight: 5,
    validDays: 1_095,
  },
  {
    key: "card500",
    name: "惠享礼品卡 500元",
    terms: { type: "gift_card", balance: "50000" },
    funding: [],
    channel: "alipay",
    weight: 3,
    validDays: 1_095,
  },
  {
    key: "cinema",
    name: "观影动态码 满80减25",
    terms: { type: "threshold", threshold: "8000", amount: "2500" },
    funding: shares("0.4", "0.4", "0.2"),
    brand: "snacks",
    categories: ["影院"],
    minimum: 8_000,
    weight: 1,
    validDays: 30,
    verification: "dynamic",
  },
  {
    key: "festival",
    name: "满300减60",
    terms: { type: "threshold", threshold: "30000", amount: "6000" },
    funding: shares("0.6", "0.4", "0"),
    brand: "digital",
    channel: "wechat",
    categories: ["数码", "美妆", "母婴", "超市", "健身"],
    minimum: 30_000,
    weight: 26,
    validDays: 12,
  },
];

/** One of each role; the party is named by its place above. */
export const PEOPLE = [
  { role: "operator", name: "周岚", email: "operator@kaqing.example" },
  { role: "finance", name: "陈敏", email: "finance@kaqing.example" },
  { role: "support", name: "何静", email: "support@kaqing.example" },
  { role: "auditor", name: "陆远", email: "auditor@kaqing.example" },
  { role: "merchant", name: "孙悦", email: "merchant@kaqing.example" },
  { role: "brand", name: "唐宁", email: "brand@kaqing.example" },
  { role: "distributor", name: "方誉", email: "distributor@kaqing.example" },
  { role: "supplier", name: "马骁", email: "supplier@kaqing.example" },
] as const;

export const REFUND_REASONS = ["顾客退货", "商品缺货", "顾客重复下单", "临时闭店，顾客改期", "商品有瑕疵"];
export const VOID_REASONS = ["顾客重复领取", "活动信息有误，收回", "疑似批量领取"];
export const BANKS = ["中国工商银行", "招商银行", "中国建设银行", "中国农业银行", "浦发银行"];
