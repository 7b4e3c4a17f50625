import { displayAmount } from "@/server/core/money";
import { CASHIER_TEXTS, type CashierLocale } from "./cashier-texts";
import type { Payment } from "./state";

/** The page where a buyer pays, with the testers' tools below it. Self-contained; it needs no script. */
export interface CashierView {
  payment: Payment;
  state: "unpaid" | "paid" | "closed";
  locale: CashierLocale;
  /** A word of the refusal of what was just tried. */
  problem?: string;
}

export const STYLE = `
:root{color-scheme:light dark;--ink:#17211f;--soft:#4d5c58;--paper:#f3f6f5;--card:#fff;--line:#c9d4d1;--main:#0b6b57;--on:#fff;--bad:#a32020;--badbg:#fdeceb;--note:#7a4a00;--notebg:#fff4dd}
@media (prefers-color-scheme:dark){:root{--ink:#e8efed;--soft:#a9b8b4;--paper:#101615;--card:#19211f;--line:#3a4744;--main:#4fd1b0;--on:#06231c;--bad:#ffb3ad;--badbg:#3b1a18;--note:#ffd68a;--notebg:#33260b}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"PingFang SC","Microsoft YaHei",sans-serif}
header,main,footer{max-width:30rem;margin:0 auto;padding:0 1rem}
header{display:flex;justify-content:space-between;align-items:center;gap:1rem;padding-block:1rem}
h1{font-size:1.125rem;margin:0}h2{font-size:1rem;margin:1.5rem 0 .5rem}
a{color:var(--main)}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem;margin-bottom:1rem}
.note{background:var(--notebg);color:var(--note);border-radius:.5rem;padding:.5rem .75rem;margin:0 0 1rem}
.bad{background:var(--badbg);color:var(--bad);border-radius:.5rem;padding:.5rem .75rem;margin:0 0 1rem}
.amount{font-size:2.25rem;font-weight:650;font-variant-numeric:tabular-nums;margin:.25rem 0 1rem;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin:0 0 1rem}dt{color:var(--soft)}dd{margin:0;text-align:end;overflow-wrap:anywhere}
button,.button{display:block;width:100%;min-height:2.75rem;padding:.5rem 1rem;border-radius:.5rem;border:1px solid var(--line);background:transparent;color:var(--ink);font:inherit;text-align:center;text-decoration:none;cursor:pointer}
.main{background:var(--main);border-color:var(--main);color:var(--on);font-weight:600}
button+button,form+form,.button+form,form+.button{margin-top:.75rem}
:focus-visible{outline:3px solid var(--main);outline-offset:2px}
label{display:block;margin:.75rem 0 .25rem}input:not([type=checkbox]){width:100%;min-height:2.75rem;padding:.5rem .75rem;border:1px solid var(--soft);border-radius:.5rem;background:var(--card);color:var(--ink);font:inherit}
.check{display:flex;gap:.5rem;align-items:center;min-height:2.75rem}.check input{width:1.25rem;height:1.25rem}
summary{cursor:pointer;min-height:2.75rem;display:list-item;padding:.5rem 0;font-weight:600}
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:1rem 0;padding:.75rem 1rem 1rem}legend{padding:0 .25rem;font-weight:600}
fieldset button{margin-top:.75rem}.soft{color:var(--soft);font-size:.875rem;margin:.25rem 0}
ul{padding-inline-start:1.25rem;margin:.25rem 0}li{overflow-wrap:anywhere}
`;

export function cashierPage(view: CashierView): string {
  const { payment, state, locale, problem } = view;
  const t = CASHIER_TEXTS[locale];
  const reason = problem ? (t.reasons[problem] ?? problem) : null;
  const head = state === "paid" ? t.paid : state === "closed" ? t.closed : t.title;
  return page(
    locale,
    head,
    `${reason ? `<p class="bad" role="alert">${escapeHtml(t.refused.replace("{reason}", reason))}</p>` : ""}
<section class="card">
${state === "paid" ? `<p role="status"><strong>${t.paid}</strong><br>${t.paidText}</p>` : ""}
${state === "closed" ? `<p role="status"><strong>${t.closed}</strong><br>${t.closedText}</p>` : ""}
<div>${t.amount}</div><p class="amount">${money(payment.amount, view)}</p>
<dl><dt>${t.order}</dt><dd>${escapeHtml(payment.subject)}</dd>
<dt>${t.number}</dt><dd>${escapeHtml(payment.paymentId)}</dd>
${state === "unpaid" ? `<dt>${t.until}</dt><dd>${time(payment.expiresAt, locale)}</dd>` : ""}</dl>
${state === "unpaid" ? form("pay", `<button class="main">${t.pay}</button>`, locale) : ""}
${state === "unpaid" ? form("cancel", `<button>${t.cancel}</button>`, locale) : ""}
<a class="button${state === "unpaid" ? "" : " main"}" href="${escapeHtml(payment.returnUrl)}">${t.back}</a>
</section>
${testers(view)}`,
  );
}

export function unknownPage(locale: CashierLocale): string {
  const t = CASHIER_TEXTS[locale];
  return page(
    locale,
    t.unknown,
    `<section class="card"><p><strong>${t.unknown}</strong><br>${t.unknownText}</p></section>`,
  );
}

function testers(view: CashierView): string {
  const { payment, locale } = view;
  const t = CASHIER_TEXTS[locale];
  const { callbackDelayMs, callbackCopies, loseCallbacks, refundFailures } = payment.behaviour;
  const number = (name: string, label: string, value: string, max: number) =>
    `<label for="${name}">${label}</label><input id="${name}" name="${name}" inputmode="numeric" type="number" min="0" max="${max}" required value="${value}">`;
  return `<details class="card"><summary>${t.testers}</summary><p class="soft">${t.testersText}</p>
<h2>${t.history}</h2>${history(view)}
${form("again", `<button>${t.payAgain}</button>`, locale)}
${form("late", `<button aria-describedby="late-text">${t.payLate}</button><p class="soft" id="late-text">${t.payLateText}</p>`, locale)}
${form("wrong", `<fieldset><legend>${t.payWrong}</legend><label for="amount">${t.payWrongAmount}</label><input id="amount" name="amount" inputmode="decimal" required maxlength="30" autocomplete="off"><button>${t.payWrong}</button></fieldset>`, locale)}
${form("later", `<fieldset><legend>${t.payDelayed}</legend>${number("seconds", t.seconds, "30", 86_400)}<button>${t.payDelayed}</button></fieldset>`, locale)}
${form(
  "behave",
  `<fieldset><legend>${t.callbacks}</legend>${number("delay", t.delayed, String(callbackDelayMs / 1_000), 3_600)}${number("copies", t.copies, String(callbackCopies), 20)}<label class="check"><input type="checkbox" name="lost" value="1"${loseCallbacks ? " checked" : ""}>${t.lost}</label>${number("failures", t.failures, String(refundFailures), 100)}<button>${t.save}</button></fieldset>`,
  locale,
)}
</details>`;
}

function history(view: CashierView): string {
  const { payment, locale } = view;
  const t = CASHIER_TEXTS[locale];
  const paid = payment.paid.map(
    (one) =>
      `<li>${money(one.amount, view)} · ${time(one.at, locale)}<br><span class="soft">${t.transaction} ${one.transactionId} · ${t.notified}: ${one.notified ? t.yes : t.no.replace("{n}", String(one.attempts))}</span></li>`,
  );
  const planned = [...payment.planned.values()].map(
    (one) => `<li>${t.planned}: ${money(one.amount, view)} · ${time(one.at, locale)}</li>`,
  );
  const refunds = payment.refunds.map(
    (one) => `<li>${t.refunds}: ${money(BigInt(one.amount), view)} · ${time(new Date(one.at), locale)}</li>`,
  );
  const items = [...paid, ...planned, ...refunds];
  return items.length > 0 ? `<ul>${items.join("")}</ul>` : `<p class="soft">${t.none}</p>`;
}

function form(action: string, inner: string, locale: CashierLocale): string {
  return `<form method="post" action="?lang=${locale}"><input type="hidden" name="action" value="${action}">${inner}</form>`;
}

function page(locale: CashierLocale, title: string, body: string): string {
  const t = CASHIER_TEXTS[locale];
  const other: CashierLocale = locale === "en" ? "zh-CN" : "en";
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)} · ${t.title}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><header><h1>${escapeHtml(t.title)}</h1><a href="?lang=${other}" hreflang="${other}" lang="${other}">${t.language}</a></header>
<main><p class="note">${t.sandbox}</p>${body}</main></body></html>`;
}

function money(amount: bigint, { payment, locale }: CashierView): string {
  return escapeHtml(displayAmount(amount, payment.currency, locale));
}

function time(at: Date, locale: CashierLocale): string {
  const text = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "medium",
    timeZone: "Asia/Shanghai",
  }).format(at);
  return `<time datetime="${at.toISOString()}">${escapeHtml(text)}</time>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
