import type { ErrorCode } from "@/server/core/errors";

/**
 * One text per error code: what happened, what it means for the money, what to do.
 * A parameter that was not given reads as "none".
 */
export default {
  title: "出错了",
  OFFLINE: "没有连上服务器，不确定刚才的操作是否已经生效。请检查网络，刷新后先核对记录，再决定是否重试。",

  UNAUTHENTICATED: "登录已失效。没有任何款项变动。请重新登录后再操作。",
  SIGN_IN_FAILED: "邮箱、密码或验证码不正确。请检查后重试，或请管理员重新发送邀请。",
  SECOND_FACTOR_REQUIRED: "还需要验证器上的 6 位数字。请打开验证器应用，填写后继续登录。",
  SECOND_FACTOR_SETUP_REQUIRED:
    "您的角色必须启用两步验证。请先在“我的账户”里完成设置，再进行操作；在此之前没有任何变动。",
  PERMISSION_DENIED:
    "您的账户没有这项权限{permission, select, none {} other {（{permission}）}}。没有任何变动。如确有需要，请联系平台运营调整角色。",
  CROSS_ORIGIN: "这个请求来自其他网站，已被拒绝，没有任何变动。请在本站页面中重新操作。",
  RATE_LIMITED:
    "操作过于频繁，已暂时拒绝，没有任何款项变动。请{seconds, select, none {稍候} other {等待 {seconds} 秒后}}再试。",

  NOT_FOUND:
    "没有找到{noun, select, tenant {这个平台} party {这个参与方} merchant {这个商户} user {这个用户} session {这个会话} campaign {这个活动} voucher {这张卡券} redemption {这笔核销} trade {这笔交易} transfer {这笔流水} statement {这张结算单} settlement_run {这次结算} rule {这条分账规则} fee_schedule {这个费率方案} job {这个任务} import {这次导入} mapping {这个列映射} file {这个文件} apiKey {这个密钥} invitation {这个邀请} bankAccount {这个银行账户} secondFactor {两步验证的设置} calendar_day {日历中的这一天} auditEntry {这条审计记录} product {这个商品} batch {这个批次} cardKey {这张卡密} order {这个订单} delivery {这次发卡} payment {这笔付款} refund {这笔退款} tier {这个等级} distributor {这个分销商} supplier {这个供应商} channel {这个支付渠道} shop {这家店铺} path {这个地址} procedure {这个功能} other {这条记录}}。它可能不存在，或您的账户无权查看。没有任何变动，请核对编号后重试。",
  INPUT_INVALID:
    "填写的内容有误{path, select, none {{field, select, none {} other {（{field}）}}} other {（{path}）}}，没有保存，也没有款项变动。请按提示修改后重新提交。",
  BODY_TOO_LARGE: "提交的内容太大，没有被接收，也没有款项变动。请减少内容或分批提交。",
  BODY_MALFORMED: "提交的内容无法读取（格式或编码有误），没有被处理，也没有款项变动。请检查格式后重新提交。",
  CONFLICT: "这条记录刚刚被其他人修改，您的修改没有保存，款项没有变动。请刷新后再修改。",
  IDEMPOTENCY_KEY_REQUIRED:
    "请求缺少 Idempotency-Key，没有被处理，款项没有变动。请为每次操作附上唯一的键后重试。",
  IDEMPOTENCY_KEY_REUSED:
    "这个 Idempotency-Key 已用于内容不同的请求。本次没有处理；第一次的结果保持不变。请为新的操作换一个键。",
  IDEMPOTENCY_KEY_INVALID:
    "Idempotency-Key 的格式不对，请求没有被处理，款项没有变动。请使用 1 到 255 个可见字符。",
  METHOD_NOT_ALLOWED: "这个地址不接受该请求方法，没有被处理，款项没有变动。请查看 API 文档。",
  UNSUPPORTED_MEDIA_TYPE: "不接受这种内容类型，请求没有被处理，款项没有变动。请以 application/json 提交。",
  IDEMPOTENCY_IN_PROGRESS: "同一请求正在处理中，不会重复入账。请稍候用同一个键再查询一次结果。",

  AMOUNT_INVALID:
    "{value, select, none {金额} other {“{value}”}}不是有效的金额{currency, select, none {} other {（{currency}）}}。没有入账。请填写如 1,234.50 的金额，小数位不超过币种允许的位数。",
  RATE_INVALID:
    "{value, select, none {费率} other {“{value}”}}不是有效的费率。没有保存，款项不受影响。请填写如 0.6% 的费率，最多精确到百万分之一。",
  CURRENCY_UNKNOWN:
    "{currency, select, none {这个币种} other {“{currency}”}}不是已登记的币种。没有入账。请使用 ISO 4217 代码，例如 CNY。",
  CURRENCY_MISMATCH:
    "币种不一致{currency, select, none {} other {（{currency}{expected, select, none {} other {，应为 {expected}}}）}}，不同币种不能记在同一笔交易里。没有入账。请改用活动的币种后重试。",

  PASSWORD_WEAK:
    "这个密码太容易被猜到，没有更改。请使用至少 {minimum, select, none {10} other {{minimum}}} 个字符、不常见的密码。",
  PASSWORD_WRONG: "当前密码不正确，没有更改。请重新输入当前密码。",
  CODE_WRONG: "验证码不正确或已过期，没有更改。请填写验证器上最新的数字；手机时间须为自动校准。",
  LINK_INVALID: "这个链接已失效或已被使用，没有任何变动。请向发送者索取新的链接。",
  EMAIL_TAKEN:
    "{email, select, none {这个邮箱} other {{email}}}已有账户，没有新建。请换一个邮箱，或直接修改现有用户。",
  EXTERNAL_ID_TAKEN:
    "外部编号{externalId, select, none {} other {“{externalId}”}}已被另一个参与方使用，没有保存。请核对编号，以免款项记到别人名下。",
  LAST_OPERATOR: "这是最后一位可用的平台运营，不能停用或更改角色。请先指定另一位平台运营。",
  ROLE_NOT_FOR_PARTY: "这个角色不适用于该类参与方，没有保存。请选择与参与方类型相符的角色。",

  VOUCHER_UNKNOWN:
    "没有这个券码。没有核销，也没有款项变动。请核对券码；确认无误仍查不到的，请让顾客出示原始卡券。",
  VOUCHER_MISTYPED: "券码输入有误：校验位不符。没有核销，也没有款项变动。请逐位核对后重新输入，或改用扫码。",
  VOUCHER_NOT_YET_VALID:
    "这张券{validFrom, select, none {尚未} other {自 {validFrom} 起}}生效，现在不能使用。没有核销，没有款项变动。请顾客在有效期内使用。",
  VOUCHER_EXPIRED:
    "这张券已{validTo, select, none {} other {于 {validTo} }}过期。没有核销，没有款项变动。请按不用券收款，或联系客服。",
  VOUCHER_VOID: "这张券已作废，不能使用。没有核销，没有款项变动。请按不用券收款；有疑问请联系客服。",
  VOUCHER_REDEEMED:
    "这张券已经{at, select, none {} other {于 {at} }}{merchant, select, none {} other {在 {merchant} }}核销{reference, select, none {} other {（{reference}）}}。本次没有核销，没有重复入账。请按不用券收款；有争议请联系客服。",
  VOUCHER_LOCKED:
    "这张券正被另一笔订单占用{until, select, none {} other {，{until} 前有效}}。本次没有核销，没有款项变动。请完成或取消那笔订单，或等占用自动解除。",
  VOUCHER_NOT_LOCKED: "这张券没有被占用，或占用已到期解除。没有款项变动。请重新锁定后再核销。",
  VOUCHER_WRONG_MERCHANT: "这张券不能在本店使用。没有核销，没有款项变动。请顾客查看券面上的适用商户。",
  VOUCHER_WRONG_PRODUCT: "订单里没有这张券适用的商品。没有核销，没有款项变动。请核对商品，或按不用券收款。",
  VOUCHER_BELOW_THRESHOLD:
    "订单金额未达到使用门槛{threshold, select, none {} other {（须满 {threshold}{missing, select, none {} other {，还差 {missing}}}）}}。没有核销，没有款项变动。请核对订单金额，或请顾客凑单后再用。",
  VOUCHER_DYNAMIC_REQUIRED:
    "这张券使用动态码，固定券码不被接受。没有核销，没有款项变动。请顾客打开卡券页面，扫描正在刷新的二维码。",
  VOUCHER_CODE_STALE: "这个动态码已过期。没有核销，没有款项变动。请扫描顾客屏幕上最新的码（每 30 秒刷新）。",
  VOUCHER_CODE_USED: "这个动态码已经用过一次。本次没有核销，没有重复入账。请等码刷新后再扫。",
  VOUCHER_CODE_AMBIGUOUS:
    "此刻恰有两位顾客显示相同的 8 位数字。没有核销，没有款项变动。请改为扫描二维码，或等数字刷新后再输入。",
  VOUCHER_NOT_STACKABLE:
    "这笔订单已用过同组的券，不能叠加使用。本次没有核销，没有款项变动。请在其他订单使用。",
  VOUCHER_BALANCE_TOO_LOW:
    "礼品卡余额不足{balance, select, none {} other {（余额 {balance}{asked, select, none {} other {，要用 {asked}}}）}}。没有扣款。请减少使用金额，差额由顾客另付。",
  VOUCHER_NOT_VOIDABLE: "这张券已核销或已失效，不能作废，款项保持不变。需要退回款项的，请冲正对应的核销。",

  CAMPAIGN_NOT_ACTIVE:
    "活动{campaign, select, none {} other {“{campaign}”}}当前未启用，不能发券或核销。没有款项变动。请先启用活动，或查看活动状态。",
  CAMPAIGN_LOCKED: "活动已经发过券，这些条款不能再改，已发卡券的权益保持不变。请新建一个活动来使用新的条款。",
  CAMPAIGN_OUTSIDE_ISSUE_WINDOW:
    "不在活动的发放时间内{from, select, none {} other {（{from} 起）}}{to, select, none {} other {（至 {to}）}}。没有发券，没有款项变动。",
  CAMPAIGN_QUOTA_EXHAUSTED:
    "超过了活动的发放总量{quota, select, none {} other {（共 {quota} 张{left, select, none {} other {，还可发 {left} 张}}）}}。没有发券，没有款项变动。需要继续发放，请先提高总量。",
  CUSTOMER_LIMIT_REACHED:
    "这位顾客已达到每人限领数量{limit, select, none {} other {（{limit} 张）}}。没有发券，没有款项变动。",
  CUSTOMER_NOT_IN_AUDIENCE:
    "这位顾客不在活动的发放对象之内。没有发券，没有款项变动。请核对顾客编号或活动的对象范围。",
  CUSTOMER_REQUIRED: "这个活动限定了对象或每人数量，必须提供顾客编号。没有发券，没有款项变动。",

  PRODUCT_NOT_ON_SALE: "这个商品不在售，没有下单，没有款项变动。请联系平台运营或选择其他商品。",
  PRODUCT_NOT_PRICED: "这个商品还没有您所在等级的价格，没有下单，没有款项变动。请联系平台运营定价。",
  PRODUCT_LOCKED:
    "商品已有卡密入库，面值、币种、供应商和循环属性不能再改。没有保存，款项不受影响。请另建商品。",
  OUT_OF_STOCK:
    "库存不足{product, select, none {} other {（{product}，可售 {available}）}}。没有占用卡密，没有款项变动。请减少数量或稍后再试。",
  QUANTITY_TOO_LARGE:
    "数量超过每单上限{max, select, none {} other { {max}}}。没有下单，没有款项变动。请分成几单。",
  PRICE_BELOW_COST:
    "售价低于成本、佣金之和，平台会亏损{product, select, none {} other {（{product}）}}。没有下单，没有款项变动。请平台运营调整价格。",
  TIER_UNKNOWN: "没有等级{tier, select, none {} other {“{tier}”}}。没有保存，款项不受影响。请先建立等级。",
  TIER_CODE_TAKEN:
    "等级编码{tier, select, none {} other {“{tier}”}}已存在。没有保存，款项不受影响。请换一个编码。",
  TIER_IN_USE: "还有分销商、分账规则或费率方案使用这个等级，没有删除，款项不受影响。请先把它们移到其他等级。",
  UPLINE_CYCLE: "这样设置上级会形成循环。没有保存，佣金不受影响。请选择别的上级。",
  UPLINE_TOO_DEEP:
    "上下级超过平台允许的 {max} 级。没有保存，佣金不受影响。请选择更上层的分销商作上级，或请运营修改设置。",
  SHOP_CLOSED: "这家店铺不存在或已打烊。没有下单，没有款项变动。请向分销商索取新的链接。",
  SHOP_ADDRESS_TAKEN: "这个店铺地址已被使用。没有保存，款项不受影响。请换一个。",
  IMAGE_INVALID: "图片须为 PNG、JPEG 或 WebP，且不超过 {max}。没有保存，款项不受影响。请换一张图片。",
  KEY_NOT_REVEALABLE:
    "这张卡密现在不能查看（已作废、已过期或还没有交付）。没有显示任何内容，款项不受影响。请到订单中查看状态。",
  ORDER_NOT_PAYABLE: "订单当前状态不能付款。没有扣款。请查看订单状态，或重新下单。",
  ORDER_EXPIRED: "订单已超时，占用的卡密已释放。没有扣款。请重新下单。",
  ORDER_NOT_DELIVERED: "订单还没有发卡。没有任何变动。请等付款确认后再试。",
  ORDER_NOT_REFUNDABLE: "订单当前状态没有可退的金额。没有退款。请查看订单时间线。",
  ORDER_NOT_FLAGGED: "订单没有待处理的异常。没有任何变动。请刷新后查看。",
  DELIVERY_NOT_REPORTABLE: "这张卡密已经补发、退款或报告过。没有任何变动。请查看订单时间线。",
  DELIVERY_NOT_REPORTED: "没有人报告这张卡密无效。没有任何变动。请先报告。",
  REISSUE_NEEDS_SUPPORT: "这个订单已补发过一次，再次补发须由客服核实。没有补发，款项不受影响。请联系客服。",
  CHANNEL_NONE_FITS: "没有适合这笔金额的支付渠道。没有扣款。请联系商家，或调整金额。",
  CHANNEL_OFF: "这个支付渠道已停用。没有扣款。请换一个渠道。",
  CHANNEL_UNREACHABLE:
    "支付渠道暂时连不上，结果还不确定；系统会自动向渠道查询，不会重复扣款。请稍后查看订单。",
  CHANNEL_REFUSED:
    "支付渠道拒绝了请求{reason, select, none {} other {：{reason}}}。没有扣款。请换一个渠道或联系客服。",
  CALLBACK_INVALID: "通知的签名或时间不对，未予处理，没有款项变动。请核对密钥和时钟。",
  PAYMENT_UNKNOWN: "没有这笔付款。没有任何变动，请核对渠道交易号。",
  BANK_REF_USED: "这个银行流水号已经入过账，没有重复入账。请核对流水号。",

  RULE_NOT_FOUND:
    "没有适用于这笔交易的分账规则，因此没有入账。请平台运营先发布一条覆盖该商户、活动和时间的规则。",
  RULE_INVALID:
    "{noun, select, fee_schedule {费率方案} other {分账规则}}有误{problem, select, none {} other {：{problem}}}{path, select, none {} other {（{path}）}}。没有保存，现行版本继续有效，款项不受影响。请按提示修改。",
  RULE_OWN_DRAFT:
    "本平台的{noun, select, fee_schedule {费率方案} other {分账规则}}须双人发布，而您参与了此版本的起草。未作任何更改，现行版本继续有效。请由另一位运营或财务审核。",
  RULE_UNCHANGED:
    "这份{noun, select, fee_schedule {费率方案} other {分账规则}}与届时有效的第 {version} 版没有任何差异。未作任何更改。请修改内容，或放弃草稿。",
  RULE_NEGATIVE_RESULT:
    "按现行规则，这笔交易的{leg, select, none {某一项} other {“{leg}”}}会成为负数，因此没有入账。请平台运营检查规则中的费率、固定金额与上下限。",
  FUNDING_INVALID: "优惠的出资比例相加不等于 100%。没有保存，款项不受影响。请调整各方比例。",
  DISCOUNT_EXCEEDS_ORDER:
    "优惠金额{discount, select, none {} other { {discount} }}超过了订单金额{order, select, none {} other { {order}}}。没有入账。请核对订单金额与优惠金额。",
  FUNDER_UNKNOWN:
    "无法确定由谁承担这笔优惠{party, select, none {} other {（{party}）}}。没有入账。请补上品牌方，或先登记该参与方。",
  ACCOUNT_BELOW_FLOOR:
    "账户余额不足{balance, select, none {} other {（余额 {balance}）}}，会低于允许的下限{floor, select, none {} other { {floor}}}。没有入账，余额保持不变。请先充值，或提高授信额度。",
  TRADE_ALREADY_REVERSED: "这笔交易已经全部冲正。没有再次入账。请查看冲正记录。",
  REVERSAL_EXCEEDS_TRADE:
    "冲正金额{amount, select, none {} other { {amount} }}超过了可冲正的余额{left, select, none {} other {（还可冲正 {left}）}}。没有入账。请减少金额。",
  UNDO_TOO_LATE:
    "已超过可自行撤销的时间{minutes, select, none {} other {（{minutes} 分钟）}}。核销保持有效，款项没有变动。请联系客服冲正。",
  CLOCK_SKEW:
    "交易时间{at, select, none {} other { {at} }}与服务器时间相差过大。没有入账。请校准收银设备的时间后重试。",

  CALENDAR_YEAR_MISSING:
    "工作日历没有{year, select, none {所需年份} other { {year} 年}}的数据，到账日无法确定，因此没有入账或结算。请平台运营先补上日历。",
  CLOSING_NOT_FORWARD:
    "只能向后关账，所选时间已经关过{closedThrough, select, none {} other {（已关至 {closedThrough}）}}。账目没有变化。请选择更晚的时间。",
  CLOSING_IN_FUTURE: "不能关闭还没有过去的时间。账目没有变化。请选择不晚于现在的时间。",
  STATEMENT_NOT_PAYABLE: "这张结算单当前不能付款（已付、顺延或没有应付金额）。没有付款。请刷新后查看其状态。",

  FILE_NOT_UTF8:
    "文件不是 UTF-8 编码{line, select, none {} other {（第 {line} 行，第 {byte} 字节）}}，没有导入任何一行。请另存为 UTF-8（CSV UTF-8）后重新上传。",
  FILE_EMPTY: "文件里没有数据行，没有导入。请检查文件后重新上传。",
  FILE_COLUMN_MISSING:
    "文件缺少需要的列{column, select, none {} other {“{column}”}}，没有导入任何一行。请检查表头，或修改列映射。",
  FILE_COLUMN_DUPLICATE:
    "表头里有重名的列{column, select, none {} other {“{column}”}}，无法确定用哪一列，没有导入任何一行。请改名后重新上传。",
  FILE_TOO_LARGE:
    "文件太大{limit, select, none {} other {（上限 {limit}）}}，没有导入。请拆分后分批上传；重复的行不会重复入账。",
  LINE_MALFORMED:
    "{line, select, none {这一行} other {第 {line} 行}}无法读取{column, select, none {} other {（{column}）}}，未入账；其他行不受影响。请改正后重新导入，已入账的行不会重复。",
  TIME_INVALID:
    "{value, select, none {时间} other {“{value}”}}不是所选格式的时间，未入账。请改正后重新导入，或修改列映射中的时间格式。",
  MERCHANT_UNKNOWN: "没有这个商户，未入账。请先登记该商户（外部编号须一致），或允许导入时自动登记。",
  JOB_NOT_CANCELLABLE: "这个任务已经结束或不能取消。已处理的部分保持有效。请查看任务结果。",
  INTERNAL:
    "系统出错，没有完成操作。交易要么完整入账，要么完全没有：请先刷新核对记录，再重试。仍然出错时，把参考号告诉客服。",
} satisfies Record<ErrorCode | "OFFLINE" | "title", string>;
