import type { Invariant } from "./checks";
import { ruledLegs } from "./ruled-legs";

/** Card sales: what was paid is passed on, each key goes to one line, and stock adds up. */
export const cards: readonly Invariant[] = [
  {
    id: "2c",
    name: "A card sale passes on what was paid, its cost and its mark-up, and nothing else",
    async check(sql, { id }) {
      const [count] = await sql<{ n: bigint }[]>`
        select count(*) as n from trades where tenant_id = ${id} and kind = 'card_sale'`;
      const offenders = await sql`
        with ruled as (${ruledLegs(sql, id)}),
        legs as (
          select t.trade_id,
            sum(t.amount) filter (where d.kind in ('channel_receivable', 'wallet') and coalesce(r.source, 'payer') = 'payer') as passed_on,
            sum(t.amount) filter (where coalesce(r.kind = 'supplier_cost', t.leg = 'card.supplier') and c.party_id = s.supplier_id
              and c.kind = case s.terms->>'supplierTerms' when 'prepaid' then 'prepaid' else 'payable' end) as cost,
            sum(t.amount) filter (where coalesce(r.kind = 'markup', t.leg = 'card.markup') and c.party_id = s.distributor_id) as markup
          from trades s
          join transfers t on t.tenant_id = ${id} and t.trade_id = s.id
          join accounts d on d.tenant_id = ${id} and d.id = t.debit_account_id
          join accounts c on c.tenant_id = ${id} and c.id = t.credit_account_id
          left join ruled r on r.version = t.rule_version_id and r.leg = t.leg
          where s.tenant_id = ${id} and s.kind = 'card_sale' group by t.trade_id)
        select s.id as trade, s.paid, l.passed_on::bigint as passed_on, l.cost::bigint as cost, l.markup::bigint as markup, s.terms
        from trades s left join legs l on l.trade_id = s.id
        where s.tenant_id = ${id} and s.kind = 'card_sale' and (
          coalesce(l.passed_on, 0) <> s.paid or s.gross <> s.paid or s.terms is null
          or s.product_id is null or s.supplier_id is null or s.distributor_id is null or s.order_id is null
          or coalesce(l.cost, 0) <> (s.terms->>'cost')::bigint
          or coalesce(l.markup, 0) <> (s.terms->>'markup')::bigint)
        limit 20`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
  {
    id: "2d",
    name: "What came in for an order less what went back is what its trades carry",
    async check(sql, { id }) {
      const rows = await sql<Record<string, unknown>[]>`
        with came as (select order_id, sum(received) as amount from payments
            where tenant_id = ${id} and received is not null and outcome is not null group by 1),
          went as (select order_id, sum(amount) as amount from refunds where tenant_id = ${id} group by 1),
          carried as (
            select coalesce(t.order_id, o.order_id) as order_id, sum(t.paid) as amount from trades t
            left join trades o on o.tenant_id = ${id} and o.id = t.reverses_id
            where t.tenant_id = ${id} and (t.kind in ('card_sale', 'payment') or o.kind in ('card_sale', 'payment')) group by 1)
        select o.id as order, o.state, coalesce(c.amount, 0)::bigint as came, coalesce(w.amount, 0)::bigint as went,
          coalesce(t.amount, 0)::bigint as carried,
          coalesce(c.amount, 0) - coalesce(w.amount, 0) <> coalesce(t.amount, 0) as wrong
        from orders o left join came c on c.order_id = o.id left join went w on w.order_id = o.id
        left join carried t on t.order_id = o.id
        where o.tenant_id = ${id}`;
      return { checked: rows.length, offenders: rows.filter((row) => row.wrong).slice(0, 20) };
    },
  },
  {
    id: "6f",
    name: "A card-key is delivered to one order line only, unless its product is looped",
    async check(sql, { id }) {
      const [count] = await sql<{ n: bigint }[]>`
        select count(*) as n from card_deliveries where tenant_id = ${id}`;
      const offenders = await sql`
        (select 'delivered twice' as fault, d.key_id as id from card_deliveries d
          join card_keys k on k.tenant_id = ${id} and k.id = d.key_id
          join products p on p.tenant_id = ${id} and p.id = k.product_id
          where d.tenant_id = ${id} and not p.looped group by d.key_id having count(*) > 1 limit 5)
        union all
        (select 'delivery of a key that is not of its batch, line or sale', d.id from card_deliveries d
          left join card_keys k on k.tenant_id = ${id} and k.id = d.key_id and k.batch_id = d.batch_id
          left join order_lines l on l.tenant_id = ${id} and l.id = d.order_line_id and l.order_id = d.order_id
          left join trades s on s.tenant_id = ${id} and s.id = d.trade_id and s.kind = 'card_sale'
            and s.order_id = d.order_id and s.product_id = k.product_id and s.product_id = l.product_id and s.paid = l.price
          where d.tenant_id = ${id} and (k.id is null or l.id is null or s.id is null) limit 5)
        union all
        (select 'delivered key without its delivery, or the reverse', k.id from card_keys k
          join products p on p.tenant_id = ${id} and p.id = k.product_id and not p.looped
          left join card_deliveries d on d.tenant_id = ${id} and d.key_id = k.id and d.state = 'delivered'
          where k.tenant_id = ${id} and (k.state = 2) <> (d.id is not null) limit 5)
        union all
        (select 'sale that delivered nothing', s.id from trades s
          where s.tenant_id = ${id} and s.kind = 'card_sale'
            and not exists (select from card_deliveries d where d.tenant_id = ${id} and d.trade_id = s.id) limit 5)`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
  {
    id: "6g",
    name: "An order that was delivered has its keys, less those given back",
    async check(sql, { id }) {
      const rows = await sql<Record<string, unknown>[]>`
        select l.id as line, o.state, l.quantity, l.refunded, count(d.id) filter (where d.state = 'delivered')::int as delivered,
          count(d.id) filter (where d.state = 'refunded')::int as given_back
        from order_lines l join orders o on o.tenant_id = ${id} and o.id = l.order_id
        left join card_deliveries d on d.tenant_id = ${id} and d.order_line_id = l.id
        where l.tenant_id = ${id} group by l.id, o.state, l.quantity, l.refunded`;
      const wrong = rows.filter(({ state, quantity, refunded, delivered, given_back }) => {
        if (Number(given_back) > Number(refunded)) return true;
        if (state === "pending" || state === "expired") return Number(delivered) > 0;
        if (state === "delivered" || state === "completed")
          return Number(delivered) + Number(refunded) !== Number(quantity);
        return Number(delivered) + Number(given_back) > Number(quantity);
      });
      return { checked: rows.length, offenders: wrong.slice(0, 20) };
    },
  },
  {
    id: "7",
    name: "Stock: imported = available + reserved + delivered + dead + expired",
    async check(sql, { id }) {
      const rows = await sql<Record<string, unknown>[]>`
        select b.number as batch, b.imported, coalesce(sum(k.n), 0)::bigint as counted,
          coalesce(sum(k.n) filter (where k.state = 0), 0)::bigint as available,
          coalesce(sum(k.n) filter (where k.state = 1), 0)::bigint as reserved,
          coalesce(sum(k.n) filter (where k.state = 2), 0)::bigint as delivered,
          coalesce(sum(k.n) filter (where k.state = 3), 0)::bigint as dead,
          coalesce(sum(k.n) filter (where k.state = 4), 0)::bigint as expired,
          coalesce(bool_or(k.foreign_product), false) as foreign_product
        from card_batches b
        left join (
          select k.batch_id, k.state, count(*) as n, bool_or(k.product_id <> c.product_id) as foreign_product
          from card_keys k left join card_batches c on c.tenant_id = ${id} and c.id = k.batch_id
          where k.tenant_id = ${id} group by 1, 2) k on k.batch_id = b.id
        where b.tenant_id = ${id} group by b.id, b.number, b.imported`;
      return {
        checked: rows.length,
        offenders: rows.filter((row) => row.imported !== row.counted || row.foreign_product).slice(0, 20),
      };
    },
  },
  {
    id: "7b",
    name: "A reserved key is held by an order that waits for its money",
    async check(sql, { id }) {
      const [count] = await sql<{ n: bigint }[]>`
        select count(*) as n from card_keys where tenant_id = ${id} and state = 1`;
      const offenders = await sql`
        select k.id as key, o.state from card_keys k
        left join order_lines l on l.tenant_id = ${id} and l.id = k.order_line_id and l.product_id = k.product_id
        left join orders o on o.tenant_id = ${id} and o.id = l.order_id
        where k.tenant_id = ${id} and k.state = 1 and o.state is distinct from 'pending' and o.state is distinct from 'flagged'
        limit 20`;
      return { checked: Number(count?.n ?? 0), offenders };
    },
  },
  {
    id: "O",
    name: "Orders add up: total of their lines, money given back, and one payment that paid them",
    async check(sql, { id }) {
      const rows = await sql<Record<string, unknown>[]>`
        with lines as (select order_id, sum(quantity * price) as total, sum(refunded * price) as refunded
            from order_lines where tenant_id = ${id} group by 1),
          paid as (select order_id, count(*) filter (where outcome = 'accepted') as accepted from payments
            where tenant_id = ${id} group by 1)
        select o.id as order, o.state, o.total, l.total::bigint as of_lines, o.refunded, l.refunded::bigint as refunded_lines,
          coalesce(p.accepted, 0) as accepted
        from orders o left join lines l on l.order_id = o.id left join paid p on p.order_id = o.id
        where o.tenant_id = ${id}`;
      const wrong = rows.filter((row) => {
        if (row.total !== row.of_lines || Number(row.accepted) > 1) return true;
        const sold = row.state === "delivered" || row.state === "completed";
        if (sold && Number(row.accepted) !== 1) return true;
        return sold && row.refunded !== row.refunded_lines;
      });
      return { checked: rows.length, offenders: wrong.slice(0, 20) };
    },
  },
];
