/** What the schemas say of their fields, in Chinese; a test wants every one. English stands where the fields are. */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  "A bearer secret. Null for rotating codes: give their holder `walletUrl`.":
    "持有即有效的凭证。动态码活动为空：把 `walletUrl` 交给持券人。",
  "An earlier request with this `sourceId` has issued it.": "此前带相同 `sourceId` 的请求已发放。",
  "Exact decimal: 0.2 is 20 % off.": "精确小数：0.2 即优惠 20%（8 折）。",
  "Fields that do not fit.": "不符合要求的字段。",
  "Finds the log line.": "用于查找日志。",
  "How long it holds; the tenant's setting by default.": "锁定分钟数，默认取平台设置。",
  "How much of what the customer paid is given back; all of it by default, in minor units.":
    "退还顾客实付中的多少，以最小货币单位计；默认全部。",
  "ISO 4217 code (or a registered token) of the amounts beside it; the campaign's.":
    "旁边金额的 ISO 4217 币种（或已登记的代币），须与活动一致。",
  "In minor units.": "以最小货币单位计。",
  "Of a gift card, in minor units.": "礼品卡余额，以最小货币单位计。",
  "Of a gift card.": "礼品卡余额。",
  "Of a gift card: how much to take from it; as much as possible by default, in minor units.":
    "礼品卡：本次使用多少，以最小货币单位计；默认尽可能多。",
  "Of a gift card: what its buyer paid through the campaign's channel, in minor units. By default its balance, or, without a channel, nothing.":
    "礼品卡：购卡人经活动的支付渠道实付的金额，以最小货币单位计。默认为卡面余额；活动无渠道时为零。",
  "RFC 9457.": "RFC 9457 问题文档。",
  "Redeemed at or after.": "核销时间不早于。",
  "Redeemed before.": "核销时间早于。",
  "Rows of a page.": "每页条数。",
  "Stable; branch on this.": "稳定不变，程序据此分支。",
  "The campaign's id.": "活动 id。",
  "The holder's page.": "持券人页面。",
  "The order's id at the till or shop.": "收银或商城的订单号。",
  "The order's lines, for campaigns that name products.": "订单明细，用于限定商品的活动。",
  "The redemption's id or its reference.": "核销的 id 或编号。",
  "The voucher's id, in place of its code: for keys of the platform, or with the lock's reference.":
    "以券 id 代替券码：用于平台密钥，或与锁定编号一起使用。",
  "Until when the merchant may reverse it by itself.": "商户可自行撤销的截止时间。",
  "What a voucher gives, by type.": "券的优惠内容，按类型。",
  "What happened, in the language of Accept-Language.": "发生了什么，语言随 Accept-Language。",
  "What is bought, for campaigns that name products.": "所购商品，用于限定商品的活动。",
  "What people read; not the code.": "供人阅读的编号，不是券码。",
  "What the customer still pays, in minor units.": "顾客仍需支付的金额，以最小货币单位计。",
  "What the merchant is due of it so far, in minor units; null for a brand's key.":
    "商户目前因此应收的金额，以最小货币单位计；品牌方密钥为 null。",
  "What the brand whose key asks pays of it so far, in minor units; null for all others.":
    "发起请求的品牌方目前为该笔承担的金额，最小货币单位；其他密钥为 null。",
  "What the merchant will be paid for it, in minor units.": "商户因此应收的金额，以最小货币单位计。",
  "What the order is worth before the discount, in minor units.": "优惠前的订单金额，以最小货币单位计。",
  "What the sentence names.": "文字中提到的具体内容。",
  "What was typed or scanned: the code, the payload of a rotating QR, or its 8 digits.":
    "输入或扫描的内容：券码、动态二维码内容，或其 8 位数字。",
  "When and where it was last redeemed.": "最近一次核销的时间和地点。",
  "When it happened, for tills that were offline. Now by default.":
    "实际发生时间，用于离线收银；默认为现在。",
  "Where it is used. Keys of a merchant act for that merchant and leave it out.":
    "使用的商户。商户密钥只代表本商户，无需填写。",
  "Where it may be used; empty: at every merchant.": "可使用的商户；为空表示所有商户。",
  "Why one item was refused; as a problem document says it.": "单条被拒绝的原因，形式同问题文档。",
  "Why; kept in the audit log.": "原因，记入审计日志。",
  "With `voucherId`, the rotating code of the moment.": "与 `voucherId` 一起给出的当前动态码。",
  "Worth of the line, in minor units.": "该行金额，以最小货币单位计。",
  "Your code of the product.": "调用方的商品编码。",
  "Your id of the customer. Needed where the campaign limits vouchers per customer.":
    "调用方的顾客 id；活动限制每人张数时必填。",
  "Your name of the lock.": "调用方给锁定起的编号。",
  "Your own id of this issue. Asked again with it, the campaign answers the same voucher.":
    "调用方给这次发放的编号；再次请求时返回同一张券。",
  "`nextCursor` of the page before.": "上一页的 `nextCursor`。",
  "`urn:kaqing:problem:…`, from the code.": "`urn:kaqing:problem:…`，由代码得出。",
  "A card that was shown before and does not work.": "已查看过但无法使用的卡。",
  "Both the product's id and how many; a product stands in one line.": "商品 id 与数量；同一商品只能占一行。",
  "Cards in your hands now.": "当前在您手中的卡数。",
  "Created at or after.": "下单时间不早于。",
  "Created before.": "下单时间早于。",
  "Empty where the card has no number.": "无卡号的卡为空。",
  "How many of it.": "数量。",
  "Last characters of the number.": "卡号末几位。",
  "Of one card; all of the order's by default.": "只取一张卡；默认取订单全部。",
  "Pay from the wallet at once: the answer then holds a delivered order, or nothing was ordered.":
    "立即从钱包付款：成功即返回已发卡的订单，失败则不下单。",
  "The card's secret. A bearer secret: keep it out of logs.": "卡密，持有即有效，请勿写入日志。",
  "The delivery's id.": "发卡记录 id。",
  "The order's own key: it fetches the cards of this order alone. Null without the scope `orders:reveal`, for orders of your shop, and in answers to ordering.":
    "订单自己的密钥，只能取这一单的卡。没有 `orders:reveal` 权限、店铺订单以及下单的返回中为空。",
  "The order's id or its reference.": "订单 id 或编号。",
  "The price of your tier, in minor units.": "您所在等级的价格，以最小货币单位计。",
  "The product's id.": "商品 id。",
  "Until then its cards are held for you.": "在此之前为您保留卡密。",
  "Value printed on the card, in minor units.": "卡面值，以最小货币单位计。",
  "What does not work about it.": "无法使用的情况。",
  "What people read.": "供人阅读的编号。",
  "`open`: support looks at it. `replaced`: another card was delivered.":
    "`open`：客服处理中；`replaced`：已补发另一张卡。",
  "Your own id of the order. Asked again with it and the same lines, the order answers as it is.":
    "您自己的订单号。用同一编号和同样的明细再次请求，返回原订单。",
};
