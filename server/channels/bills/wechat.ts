import { formatAmount, rateParts } from "@/server/core/money";
import { type Bill, type BillRow, billTime, plain } from "./rows";

const HEADER =
  "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const SUMMARY =
  "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

/**
 * WeChat Pay's trade bill (交易账单), kind ALL: 27 columns, each value behind a backtick, and a summary of two lines.
 * A copy that somebody downloaded bears a BOM; one fetched by API does not.
 */
export function wechatBill(bill: Bill, options: { bom?: boolean } = {}): Buffer {
  const currency = bill.rows[0]?.currency ?? "CNY";
  const sum = (of: (row: BillRow) => bigint) => bill.rows.reduce((total, row) => total + of(row), 0n);
  const paid = sum((row) => (row.kind === "payment" ? row.amount : 0n));
  const refunded = sum((row) => (row.kind === "refund" ? row.amount : 0n));
  const amount = (value: bigint) => formatAmount(value, currency);
  const lines = [
    HEADER,
    ...bill.rows.map((row) => line(rowValues(bill, row))),
    SUMMARY,
    line([
      String(bill.rows.length),
      amount(paid),
      amount(refunded),
      amount(0n),
      feeText(
        sum((row) => row.fee),
        currency,
      ),
      amount(paid),
      amount(refunded),
    ]),
  ];
  return Buffer.from(`${options.bom ? "\ufeff" : ""}${lines.join("\r\n")}\r\n`);
}

function rowValues(bill: Bill, row: BillRow): string[] {
  const { refund, currency } = row;
  const amount = (value: bigint) => formatAmount(value, currency);
  const paid = refund ? amount(0n) : amount(row.amount);
  const back = refund ? amount(row.amount) : amount(0n);
  return [
    billTime(row.at),
    "wx-sandbox",
    bill.merchantNo,
    "0",
    "",
    row.transactionId,
    row.paymentId,
    row.buyer,
    "NATIVE",
    refund ? "REFUND" : "SUCCESS",
    "OTHERS",
    currency,
    paid,
    amount(0n),
    refund?.channelRefundId ?? "0",
    refund?.refundId ?? "0",
    back,
    amount(0n),
    refund ? "ORIGINAL" : "",
    refund ? "SUCCESS" : "",
    plain(row.subject),
    "",
    feeText(row.fee, currency),
    percent(row.feeRate),
    paid,
    back,
    "",
  ];
}

const line = (values: readonly string[]) => values.map((value) => `\`${value}`).join(",");

/** Fees have five places: `0.59000`. */
function feeText(fee: bigint, currency: string): string {
  const [whole = "0", places = ""] = formatAmount(fee, currency).split(".");
  return `${whole}.${places.padEnd(5, "0")}`;
}

/** "0.006" → "0.60%". */
function percent(rate: string): string {
  const { numerator, denominator } = rateParts(rate);
  // Four places of a percent are six of a rate; at least two are shown.
  const scaled = ((numerator * 1_000_000n) / denominator).toString().padStart(5, "0");
  const places = scaled.slice(-4).replace(/0{1,2}$/, "");
  return `${scaled.slice(0, -4)}.${places}%`;
}
