import type { Shape } from "../shape";
import type zh from "../zh-CN/errors";

export default {
  title: "Something went wrong",
  OFFLINE:
    "The server could not be reached, so it is not certain whether this took effect. Check the network, reload and look at the records before you try again.",

  UNAUTHENTICATED: "Your session has ended. No money moved. Please sign in again.",
  SIGN_IN_FAILED:
    "Email, password or code is not right. Check them and try again, or ask an administrator for a new invitation.",
  SECOND_FACTOR_REQUIRED:
    "The six digits of your authenticator are needed, too. Open the app and enter them to go on.",
  SECOND_FACTOR_SETUP_REQUIRED:
    "Your role needs two-factor sign-in. Set it up under “My account” first; nothing was changed.",
  PERMISSION_DENIED:
    "Your account may not do this{permission, select, none {} other { ({permission})}}. Nothing was changed. If you need it, ask an operator to change your role.",
  CROSS_ORIGIN:
    "This request came from another site and was refused. Nothing was changed. Do it again from a page of this site.",
  RATE_LIMITED:
    "Too many attempts; this one was refused and no money moved. Try again {seconds, select, none {in a while} other {in {seconds} seconds}}.",

  NOT_FOUND:
    "There is no such {noun, select, tenant {platform} party {party} merchant {merchant} user {user} session {session} campaign {campaign} voucher {voucher} redemption {redemption} trade {trade} transfer {transfer} statement {statement} settlement_run {settlement run} rule {split rule} fee_schedule {fee schedule} job {job} import {import} mapping {column mapping} file {file} apiKey {API key} invitation {invitation} bankAccount {bank account} secondFactor {two-factor setup} calendar_day {calendar day} auditEntry {audit entry} product {product} batch {batch} cardKey {card-key} order {order} delivery {delivery} payment {payment} refund {refund} tier {tier} distributor {distributor} supplier {supplier} channel {payment channel} shop {shop} path {address} procedure {function} other {record}}, or your account may not see it. Nothing was changed. Check the reference and try again.",
  INPUT_INVALID:
    "Something entered is not right{path, select, none {{field, select, none {} other { ({field})}}} other { ({path})}}. Nothing was saved and no money moved. Correct it and submit again.",
  BODY_TOO_LARGE:
    "This is too much for one request. It was not taken and no money moved. Send less, or in parts.",
  BODY_MALFORMED:
    "What was sent cannot be read (its format or encoding). It was not processed and no money moved. Check the format and send it again.",
  CONFLICT:
    "Somebody else has just changed this record. Your change was not saved and no money moved. Reload, then change it.",
  IDEMPOTENCY_KEY_REQUIRED:
    "The request has no Idempotency-Key. It was not processed and no money moved. Give each operation a key of its own.",
  IDEMPOTENCY_KEY_REUSED:
    "This Idempotency-Key was used for a request with other content. This one was not processed; the first result stands. Use a new key for a new operation.",
  IDEMPOTENCY_KEY_INVALID:
    "The Idempotency-Key is malformed. The request was not processed and no money moved. Use 1 to 255 visible characters.",
  METHOD_NOT_ALLOWED:
    "This address does not take this method. Nothing was processed and no money moved. See the API documentation.",
  UNSUPPORTED_MEDIA_TYPE:
    "This type of content is not taken. Nothing was processed and no money moved. Send application/json.",
  IDEMPOTENCY_IN_PROGRESS:
    "The same request is being processed and will not be booked twice. Ask again with the same key in a moment.",

  AMOUNT_INVALID:
    "{value, select, none {This} other {“{value}”}} is not an amount{currency, select, none {} other { in {currency}}}. Nothing was booked. Write it like 1,234.50, with no more decimals than the currency has.",
  RATE_INVALID:
    "{value, select, none {This} other {“{value}”}} is not a rate. Nothing was saved; no money is affected. Write it like 0.6%, to one millionth at most.",
  CURRENCY_UNKNOWN:
    "{currency, select, none {This currency} other {“{currency}”}} is not registered. Nothing was booked. Use an ISO 4217 code such as CNY.",
  CURRENCY_MISMATCH:
    "The currencies differ{currency, select, none {} other { ({currency}{expected, select, none {} other {, expected {expected}}})}}, and two currencies never meet in one trade. Nothing was booked. Use the currency of the campaign.",

  PASSWORD_WEAK:
    "This password is too easy to guess and was not taken. Use an uncommon one of at least {minimum, select, none {10} other {{minimum}}} characters.",
  PASSWORD_WRONG: "The present password is not right. Nothing was changed. Enter it again.",
  CODE_WRONG:
    "The code is wrong or has run out. Nothing was changed. Enter the newest digits of your authenticator; the phone’s clock must be set automatically.",
  LINK_INVALID:
    "This link has run out or was used already. Nothing was changed. Ask its sender for a new one.",
  EMAIL_TAKEN:
    "{email, select, none {This address} other {{email}}} has an account already. None was created. Use another address, or change the existing user.",
  EXTERNAL_ID_TAKEN:
    "Another party has the external number{externalId, select, none {} other { “{externalId}”}}. Nothing was saved. Check it, or money might go to the wrong party.",
  LAST_OPERATOR:
    "This is the last active operator and cannot be disabled or given another role. Make somebody else an operator first.",
  ROLE_NOT_FOR_PARTY:
    "This role does not belong to a party of this kind. Nothing was saved. Choose a role that fits the party.",

  VOUCHER_UNKNOWN:
    "There is no such code. Nothing was redeemed and no money moved. Check the code; if it is right, ask for the original voucher.",
  VOUCHER_MISTYPED:
    "The code is mistyped: its check character does not fit. Nothing was redeemed and no money moved. Compare it character by character, or scan it.",
  VOUCHER_NOT_YET_VALID:
    "This voucher is not valid yet{validFrom, select, none {} other { (from {validFrom})}}. Nothing was redeemed and no money moved. It can be used once it is valid.",
  VOUCHER_EXPIRED:
    "This voucher expired{validTo, select, none {} other { on {validTo}}}. Nothing was redeemed and no money moved. Charge without it, or ask support.",
  VOUCHER_VOID:
    "This voucher was voided and cannot be used. Nothing was redeemed and no money moved. Charge without it; support can tell why.",
  VOUCHER_REDEEMED:
    "This voucher was already redeemed{at, select, none {} other { on {at}}}{merchant, select, none {} other { at {merchant}}}{reference, select, none {} other { ({reference})}}. Nothing was redeemed now and nothing is booked twice. Charge without it; support settles disputes.",
  VOUCHER_LOCKED:
    "Another order holds this voucher{until, select, none {} other { until {until}}}. Nothing was redeemed and no money moved. Finish or cancel that order, or wait until the hold lapses.",
  VOUCHER_NOT_LOCKED:
    "Nothing holds this voucher, or the hold has lapsed. No money moved. Lock it again, then redeem.",
  VOUCHER_WRONG_MERCHANT:
    "This voucher is not for this merchant. Nothing was redeemed and no money moved. The voucher shows where it can be used.",
  VOUCHER_WRONG_PRODUCT:
    "Nothing in the order is what this voucher is for. Nothing was redeemed and no money moved. Check the products, or charge without it.",
  VOUCHER_BELOW_THRESHOLD:
    "The order is below what this voucher asks for{threshold, select, none {} other { ({threshold}{missing, select, none {} other {, {missing} more}})}}. Nothing was redeemed and no money moved. Check the amount, or add to the order.",
  VOUCHER_DYNAMIC_REQUIRED:
    "This voucher works by its changing code; the fixed code is refused. Nothing was redeemed and no money moved. Scan the code on the customer’s screen.",
  VOUCHER_CODE_STALE:
    "This changing code has run out. Nothing was redeemed and no money moved. Scan the newest one; it changes every 30 seconds.",
  VOUCHER_CODE_USED:
    "This changing code was used before. Nothing was redeemed now and nothing is booked twice. Wait for the next one and scan it.",
  VOUCHER_CODE_AMBIGUOUS:
    "Two holders happen to show these 8 digits right now. Nothing was redeemed and no money moved. Scan the QR code instead, or wait for the next digits.",
  VOUCHER_NOT_STACKABLE:
    "A voucher of the same kind was used on this order already, and they do not add up. Nothing more was redeemed and no money moved. Use it on another order.",
  VOUCHER_BALANCE_TOO_LOW:
    "The gift card does not hold enough{balance, select, none {} other { ({balance} left{asked, select, none {} other {, {asked} asked}})}}. Nothing was taken from it. Use less of it; the customer pays the rest.",
  VOUCHER_NOT_VOIDABLE:
    "This voucher is redeemed or no longer valid and cannot be voided; the money stays as it is. To give money back, reverse its redemption.",

  CAMPAIGN_NOT_ACTIVE:
    "The campaign{campaign, select, none {} other { “{campaign}”}} is not active: no voucher can be issued or redeemed. No money moved. Activate it first, or look at its state.",
  CAMPAIGN_LOCKED:
    "Vouchers of this campaign have been issued, so these terms cannot change; what was issued keeps its worth. Create a new campaign for new terms.",
  CAMPAIGN_OUTSIDE_ISSUE_WINDOW:
    "The campaign does not issue now{from, select, none {} other { (from {from})}}{to, select, none {} other { (until {to})}}. No voucher was issued and no money moved.",
  CAMPAIGN_QUOTA_EXHAUSTED:
    "This is more than the campaign may issue{quota, select, none {} other { ({quota}{left, select, none {} other {, {left} left}})}}. No voucher was issued and no money moved. Raise the quota to go on.",
  CUSTOMER_LIMIT_REACHED:
    "This customer has as many as one customer may have{limit, select, none {} other { ({limit})}}. No voucher was issued and no money moved.",
  CUSTOMER_NOT_IN_AUDIENCE:
    "This customer is not among those the campaign is for. No voucher was issued and no money moved. Check the customer number or the audience.",
  CUSTOMER_REQUIRED:
    "This campaign is limited by customer, so a customer number is needed. No voucher was issued and no money moved.",

  PRODUCT_NOT_ON_SALE:
    "This product is not on sale. Nothing was ordered and no money moved. Choose another one, or ask an operator.",
  PRODUCT_NOT_PRICED:
    "This product has no price for the tier. Nothing was ordered and no money moved. Ask an operator to price it.",
  PRODUCT_LOCKED:
    "Keys of this product are in stock, so its face, currency, supplier and kind cannot change any more. Nothing was saved and no money is affected. Make another product.",
  OUT_OF_STOCK:
    "There is not enough stock{product, select, none {} other { ({product}, {available} available)}}. No key was held and no money moved. Order fewer, or try again later.",
  QUANTITY_TOO_LARGE:
    "The quantity is above the most of one order{max, select, none {} other { ({max})}}. Nothing was ordered and no money moved. Split it into several orders.",
  PRICE_BELOW_COST:
    "The price does not cover cost and commissions{product, select, none {} other { ({product})}}. Nothing was ordered and no money moved. An operator has to change the price.",
  TIER_UNKNOWN:
    "There is no tier{tier, select, none {} other { “{tier}”}}. Nothing was saved and no money is affected. Create the tier first.",
  TIER_CODE_TAKEN:
    "There is a tier{tier, select, none {} other { “{tier}”}} already. Nothing was saved and no money is affected. Choose another code.",
  TIER_IN_USE:
    "Distributors, split rules or fee schedules still use this tier. It was not removed and no money is affected. Move them first.",
  UPLINE_CYCLE:
    "This upline would make a circle. Nothing was saved and no commission changes. Choose another one.",
  UPLINE_TOO_DEEP:
    "The line would be longer than the {max} levels allowed here. Nothing was saved and no commission changes. Choose an upline nearer the top, or have an operator change the setting.",
  SHOP_CLOSED:
    "This shop does not exist or is closed. Nothing was ordered and no money moved. Ask the seller for a new link.",
  SHOP_ADDRESS_TAKEN:
    "This shop address is taken. Nothing was saved and no money is affected. Choose another one.",
  IMAGE_INVALID:
    "The picture must be PNG, JPEG or WebP of at most {max}. Nothing was saved and no money is affected. Choose another one.",
  KEY_NOT_REVEALABLE:
    "This key cannot be shown now (dead, expired or not delivered). Nothing was shown and no money is affected. See its order.",
  ORDER_NOT_PAYABLE:
    "The order cannot be paid in its state. Nothing was taken. See the order, or order again.",
  ORDER_EXPIRED: "The order has run out and its keys were released. Nothing was taken. Order again.",
  ORDER_NOT_DELIVERED:
    "The order is not delivered yet. Nothing was changed. Try again once the payment is confirmed.",
  ORDER_NOT_REFUNDABLE: "There is nothing left of this order to refund. No money moved. See its timeline.",
  ORDER_NOT_FLAGGED: "The order is not flagged. Nothing was changed. Reload and look again.",
  DELIVERY_NOT_REPORTABLE:
    "This key was replaced, refunded or reported before. Nothing was changed. See the order's timeline.",
  DELIVERY_NOT_REPORTED: "Nobody has reported this key. Nothing was changed. Report it first.",
  REISSUE_NEEDS_SUPPORT:
    "A key of this order was replaced before; the next one needs support to agree. Nothing was replaced and no money is affected. Contact support.",
  CHANNEL_NONE_FITS:
    "No payment channel takes this amount. Nothing was taken. Change the amount, or contact the seller.",
  CHANNEL_OFF: "This payment channel is switched off. Nothing was taken. Use another one.",
  CHANNEL_UNREACHABLE:
    "The payment channel cannot be reached, so the result is not certain; it will be asked again and nothing is charged twice. Look at the order in a moment.",
  CHANNEL_REFUSED:
    "The payment channel refused{reason, select, none {} other {: {reason}}}. Nothing was taken. Use another one, or contact support.",
  CALLBACK_INVALID:
    "The notice's signature or time is not right. It was not processed and no money moved. Check key and clock.",
  PAYMENT_UNKNOWN: "There is no such payment. Nothing was changed. Check the channel's number.",
  BANK_REF_USED: "This bank reference was booked before; it was not booked again. Check the reference.",

  RULE_NOT_FOUND:
    "No split rule applies to this trade, so nothing was booked. An operator has to publish one for this merchant, campaign and time.",
  RULE_INVALID:
    "The {noun, select, fee_schedule {fee schedule} other {split rule}} is not right{problem, select, none {} other {: {problem}}}{path, select, none {} other { ({path})}}. Nothing was saved; what is in force stays, and no money is affected. Correct it as shown.",
  RULE_OWN_DRAFT:
    "On this platform two people publish a {noun, select, fee_schedule {fee schedule} other {split rule}}, and you wrote on this version. Nothing was changed; what is in force stays. Ask another operator or finance to approve it.",
  RULE_UNCHANGED:
    "Nothing in this {noun, select, fee_schedule {fee schedule} other {split rule}} differs from version {version}, which is in force at that time. Nothing was changed. Change its terms, or discard the draft.",
  RULE_NEGATIVE_RESULT:
    "By the rule in force, {leg, select, none {a part} other {“{leg}”}} of this trade would be negative, so nothing was booked. An operator has to check the rule’s rates, fixed amounts and limits.",
  FUNDING_INVALID:
    "The shares of those who fund the discount do not add up to 100%. Nothing was saved; no money is affected. Adjust the shares.",
  DISCOUNT_EXCEEDS_ORDER:
    "The discount{discount, select, none {} other { of {discount}}} is larger than the order{order, select, none {} other { of {order}}}. Nothing was booked. Check both amounts.",
  FUNDER_UNKNOWN:
    "It is not known who bears this discount{party, select, none {} other { ({party})}}. Nothing was booked. Name the brand, or register that party first.",
  ACCOUNT_BELOW_FLOOR:
    "The account does not hold enough{balance, select, none {} other { ({balance})}} and would fall below its limit{floor, select, none {} other { of {floor}}}. Nothing was booked; its balance is unchanged. Top it up, or raise its credit limit.",
  TRADE_ALREADY_REVERSED: "This trade is reversed whole already. Nothing was booked again. See its reversal.",
  REVERSAL_EXCEEDS_TRADE:
    "{amount, select, none {This} other {{amount}}} is more than what can still be reversed{left, select, none {} other { ({left})}}. Nothing was booked. Reverse less.",
  UNDO_TOO_LATE:
    "The time to undo it yourself is over{minutes, select, none {} other { ({minutes} minutes)}}. The redemption stands and no money moved. Ask support to reverse it.",
  CLOCK_SKEW:
    "The time of the trade{at, select, none {} other { ({at})}} is too far from the server’s. Nothing was booked. Set the till’s clock and try again.",

  CALENDAR_YEAR_MISSING:
    "The business calendar has no data for {year, select, none {that year} other {{year}}}, so the due date cannot be known and nothing was booked or settled. An operator has to add the year.",
  CLOSING_NOT_FORWARD:
    "Books close forward only, and this time is closed already{closedThrough, select, none {} other { (closed through {closedThrough})}}. Nothing changed. Choose a later time.",
  CLOSING_IN_FUTURE:
    "A time that has not passed cannot be closed. Nothing changed. Choose one that is not after now.",
  STATEMENT_NOT_PAYABLE:
    "This statement cannot be paid now (it is paid, carried, or owes nothing). Nothing was paid. Reload to see its state.",

  FILE_NOT_UTF8:
    "The file is not in UTF-8{line, select, none {} other { (line {line}, byte {byte})}}. No line was imported. Save it as CSV UTF-8 and upload it again.",
  FILE_EMPTY: "The file has no data lines. Nothing was imported. Check the file and upload it again.",
  FILE_COLUMN_MISSING:
    "The file lacks a column that is needed{column, select, none {} other { (“{column}”)}}. No line was imported. Check its header, or change the mapping.",
  FILE_COLUMN_DUPLICATE:
    "The header names a column twice{column, select, none {} other { ({column})}}, so it is not certain which is meant. No line was imported. Rename one and upload the file again.",
  FILE_TOO_LARGE:
    "The file is too large{limit, select, none {} other { (limit {limit})}}. Nothing was imported. Split it; lines that come twice are not booked twice.",
  LINE_MALFORMED:
    "{line, select, none {This line} other {Line {line}}} cannot be read{column, select, none {} other { ({column})}} and was not booked; other lines are not affected. Correct it and import again: what was booked is not booked twice.",
  TIME_INVALID:
    "{value, select, none {The time} other {“{value}”}} is not in the chosen format. It was not booked. Correct it and import again, or change the format in the column mapping.",
  MERCHANT_UNKNOWN:
    "There is no such merchant; the line was not booked. Create it first (with the same external number), or let the import create parties.",
  JOB_NOT_CANCELLABLE: "This job is over or cannot be cancelled. What it did stays. See its result.",
  INTERNAL:
    "Something failed on our side and this was not completed. A trade is booked whole or not at all: reload and look at the records, then try again. If it fails again, give support the reference.",
} satisfies Shape<typeof zh>;
