import { formatAmount } from "@/server/core/money";
import { encodeGbk } from "./gbk";
import { type Bill, type BillRow, billTime, plain } from "./rows";
import { zip } from "./zip";

const HEADER =
  "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
const SUMMARY_HEADER =
  "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";

/**
 * Alipay's 业务明细: a ZIP in GBK with the detail and its 汇总 beside it. Ids end in a tab; refunds are negative; a
 * service fee that was charged is negative, one given back positive.
 */
export function alipayBill(bill: Bill): Buffer {
  const name = `${bill.merchantNo}_${bill.day.replaceAll("-", "")}_业务明细`;
  return zip(
    [
      { name: `${name}.csv`, data: encodeGbk(detail(bill)) },
      { name: `${name}(汇总).csv`, data: encodeGbk(summary(bill)) },
    ],
    bill.madeAt,
  );
}

function detail(bill: Bill): string {
  const payments = bill.rows.filter((row) => row.kind === "payment");
  const refunds = bill.rows.filter((row) => row.kind === "refund");
  return text([
    "#支付宝业务明细查询",
    ...heading(bill),
    "#-----------------------------------------业务明细列表----------------------------------------",
    HEADER,
    ...bill.rows.map(rowLine),
    "#-----------------------------------------业务明细列表结束------------------------------------",
    `#交易合计：${payments.length}笔，商家实收共${signed(bill, payments)}元，商家优惠共${zero(bill)}元`,
    `#退款合计：${refunds.length}笔，商家实收退款共${signed(bill, refunds)}元，商家优惠退款共${zero(bill)}元`,
    `#导出时间：[${chineseTime(bill.madeAt)}]`,
  ]);
}

function summary(bill: Bill): string {
  const currency = currencyOf(bill);
  const payments = bill.rows.filter((row) => row.kind === "payment");
  const fee = -bill.rows.reduce((total, row) => total + row.fee, 0n);
  const none = zero(bill);
  const total = signed(bill, bill.rows);
  const net = formatAmount(sum(bill.rows) + fee, currency);
  const counts = [payments.length, bill.rows.length - payments.length];
  const line = (first: string) =>
    [first, "", ...counts, total, total, none, none, none, formatAmount(fee, currency), none, net].join(",");
  return text([
    "#支付宝业务汇总查询",
    ...heading(bill),
    "#-----------------------------------------业务汇总列表----------------------------------------",
    SUMMARY_HEADER,
    line(""),
    line("合计"),
    "#-----------------------------------------业务汇总列表结束------------------------------------",
    `#导出时间：[${chineseTime(bill.madeAt)}]`,
  ]);
}

function heading(bill: Bill): string[] {
  const [from, to] = [`${bill.day} 00:00:00`, `${bill.day} 24:00:00`].map(chinese);
  return [`#账号：[${bill.merchantNo}]`, `#起始日期：[${from}]   终止日期：[${to}]`];
}

function rowLine(row: BillRow): string {
  const amount = formatAmount(row.kind === "refund" ? -row.amount : row.amount, row.currency);
  const none = formatAmount(0n, row.currency);
  const time = billTime(row.at);
  return [
    `${row.transactionId}\t`,
    `${row.paymentId}\t`,
    row.refund ? "退款" : "交易",
    plain(row.subject),
    time,
    time,
    "",
    "",
    "",
    "",
    plain(row.buyer),
    amount,
    amount,
    none,
    none,
    none,
    none,
    none,
    "",
    none,
    none,
    row.refund ? `${row.refund.refundId}\t` : "",
    formatAmount(-row.fee, row.currency),
    none,
    "",
  ].join(",");
}

const sum = (rows: readonly BillRow[]) =>
  rows.reduce((total, row) => total + (row.kind === "refund" ? -row.amount : row.amount), 0n);
const currencyOf = (bill: Bill) => bill.rows[0]?.currency ?? "CNY";
const signed = (bill: Bill, rows: readonly BillRow[]) => formatAmount(sum(rows), currencyOf(bill));
const zero = (bill: Bill) => formatAmount(0n, currencyOf(bill));
const text = (lines: readonly string[]) => `${lines.join("\r\n")}\r\n`;

const chineseTime = (at: Date) => chinese(billTime(at));

/** "2026-11-21 10:11:12" → "2026年11月21日 10:11:12". */
function chinese(time: string): string {
  return time.replace(/^(\d{4})-(\d\d)-(\d\d)/, "$1年$2月$3日");
}
