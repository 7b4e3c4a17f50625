-- The oracle: what the trades of a time have to have posted, worked out again in SQL from the trades and the versions
-- of the rules alone, in numeric. It shares nothing with the engine; it is one statement, which writes nothing.
--   $1 the tenant, $2 and $3 the time [from, until) by traded_at, $4 the month whose fee counters are looked at, or null
-- An account is written "party/kind/ref". Payouts and top-ups are no matter of clearing and are left out.
with
house as (select id, platform_party_id::text as platform, timezone from tenants where id = $1),

-- ── what was sold, and who is who in it ──
sold as materialized (
  select t.id, t.kind, t.traded_at, t.currency, t.gross::numeric, t.discount::numeric, t.paid::numeric,
    (t.gross - t.discount - t.paid)::numeric as drawn, t.collected_by, t.campaign_id, t.product_id, t.merchant_id::text as merchant,
    t.brand_id::text as brand, t.channel_id::text as channel, t.supplier_id::text as supplier, t.distributor_id::text as distributor,
    h.platform, t.terms, t.terms ->> 'tier' as tier, t.funding, c.funding as campaign_funding, t.channel_fee_rate::numeric as channel_rate,
    t.rule_version_id,
    array_remove(array[t.merchant_id, t.supplier_id, t.distributor_id]::text[], null)
      || coalesce(array(select jsonb_array_elements_text(t.terms -> 'uplines')), '{}') as payees,
    jsonb_build_object('platform', h.platform, 'merchant', t.merchant_id, 'brand', t.brand_id, 'channel', t.channel_id,
      'supplier', t.supplier_id, 'distributor', t.distributor_id) || coalesce((
        select jsonb_object_agg('upline:' || u.place, u.party)
        from jsonb_array_elements_text(t.terms -> 'uplines') with ordinality as u (party, place)), '{}') as roles,
    concat_ws('/', t.kind, coalesce(t.campaign_id::text, '-'), coalesce(t.product_id::text, '-'),
      coalesce(t.merchant_id::text, '-'), coalesce(t.channel_id::text, '-'), coalesce(t.terms ->> 'tier', '-')) as what
  from trades t cross join house h left join campaigns c on c.tenant_id = t.tenant_id and c.id = t.campaign_id
  where t.tenant_id = $1 and t.kind in ('redemption', 'card_sale', 'stored_value') and t.traded_at >= $2 and t.traded_at < $3),

-- ── which version of which rule ──
versions as materialized (
  select v.id, v.definition, v.effective_from, r.trade_kind, r.campaign_id, r.product_id, r.merchant_id, r.channel_id, r.tier, r.priority,
    num_nonnulls(r.campaign_id, r.product_id, r.merchant_id, r.channel_id, r.tier) as names,
    least(v.effective_to, lead(v.effective_from) over (partition by v.rule_id order by v.effective_from, v.id)) as until
  from split_rule_versions v join split_rules r on r.tenant_id = v.tenant_id and r.id = v.rule_id
  where v.tenant_id = $1 and v.state = 'scheduled'),
cases as (
  select distinct what, kind, campaign_id, product_id, merchant, channel, tier from sold),
fitting as materialized (
  select c.what, v.id, v.effective_from, v.until, v.names, v.priority
  from cases c join versions v on v.trade_kind = c.kind
    and (v.campaign_id is null or v.campaign_id = c.campaign_id) and (v.product_id is null or v.product_id = c.product_id)
    and (v.merchant_id is null or v.merchant_id::text = c.merchant) and (v.channel_id is null or v.channel_id::text = c.channel)
    and (v.tier is null or v.tier = c.tier)),
chosen as (
  select distinct on (s.id) s.id as trade, f.id as version
  from sold s join fitting f on f.what = s.what and f.effective_from <= s.traded_at and (f.until is null or s.traded_at < f.until)
  order by s.id, f.names desc, f.priority desc, f.effective_from desc, f.id desc),
-- a gift card is loaded by this one where the house has none of its own
house_rule as (
  select '00000000-0000-0000-0000-000000000000'::uuid as id, '{"feeBearer": "platform", "funding": [], "legs": [
    {"code": "stored_value.issued", "from": "payer", "to": "programme", "amount": {"kind": "paid"}},
    {"code": "stored_value.granted_brand", "from": "brand", "to": "programme", "amount": {"kind": "funding"}},
    {"code": "stored_value.granted_merchant", "from": "merchant", "to": "programme", "amount": {"kind": "funding"}},
    {"code": "stored_value.granted_platform", "from": "platform", "to": "programme", "amount": {"kind": "funding"}},
    {"code": "fee.channel", "from": "fee_bearer", "to": "channel", "amount": {"kind": "channel_fee"}}]}'::jsonb as definition),
definitions as materialized (select id, definition from versions union all select id, definition from house_rule),
ruled as materialized (
  select s.*, d.id as version, d.definition
  from sold s left join chosen c on c.trade = s.id
  join definitions d on d.id = coalesce(c.version, case when s.kind = 'stored_value' then (select id from house_rule) end)),
plan as materialized (
  select d.id as version, l.nth, l.leg ->> 'code' as code, l.leg ->> 'from' as source, l.leg ->> 'to' as target,
    l.leg -> 'amount' ->> 'kind' as kind, (l.leg -> 'amount' ->> 'rate')::numeric as rate,
    (l.leg -> 'amount' ->> 'amount')::numeric as fixed, coalesce((l.leg -> 'amount' ->> 'agreed')::boolean, false) as agreed,
    l.leg ->> 'base' as base, coalesce(l.leg ->> 'rounding', 'half_up') as rounding, (l.leg ->> 'min')::numeric as least,
    (l.leg ->> 'max')::numeric as most
  from definitions d cross join lateral jsonb_array_elements(d.definition -> 'legs') with ordinality as l (leg, nth)),

-- ── who bears the discount: amounts given with the trade, else shares by the largest remainder ──
given as (
  select s.id as trade, f."partyId" as party, f.amount
  from sold s cross join lateral jsonb_to_recordset(s.funding) as f ("partyId" text, amount numeric)
  where s.funding is not null and f.amount > 0),
shares as (
  select s.id as trade, coalesce(s.roles ->> (f.share ->> 'party'), f.share ->> 'party') collate "C" as party, f.nth, s.discount,
    coalesce((f.share ->> 'priority')::int, 0) as priority, s.discount * (f.share ->> 'share')::numeric as exact
  from ruled s cross join lateral jsonb_array_elements(
    case when jsonb_array_length(s.campaign_funding) > 0 then s.campaign_funding else s.definition -> 'funding' end)
    with ordinality as f (share, nth)
  where s.funding is null and s.discount > 0),
shared as (
  select trade, party, trunc(exact) + case when
    row_number() over (partition by trade order by exact - trunc(exact) desc, priority, party, nth)
      <= discount - sum(trunc(exact)) over (partition by trade) then 1 else 0 end as amount
  from shares),
parts as materialized (
  select trade, party, sum(amount) as amount
  from (select trade, party, amount from given union all select trade, party, amount from shared) p group by 1, 2),

-- ── legs: accounts, bases, amounts ──
named as materialized (
  select s.*, l.nth, l.code, l.source, l.target, l.kind as amount_kind, l.rate, l.fixed, l.agreed, l.base, l.rounding, l.least, l.most,
    coalesce(s.roles ->> l.source, case when length(l.source) = 36 then l.source end) as payer,
    coalesce(s.roles ->> l.target, case when length(l.target) = 36 then l.target end) as payee,
    coalesce(s.roles ->> substr(l.base, 9), case when length(l.base) = 44 then substr(l.base, 9) end) as funder
  from ruled s join plan l on l.version = s.version),
placed as materialized (
  select n.*,
    case
      when source = 'payer' then case collected_by
        when 'platform' then channel || '/channel_receivable/' when 'wallet' then distributor || '/wallet/' else merchant || '/payable/' end
      when source = 'programme' then platform || '/stored_value/' || campaign_id
      when payer = platform then platform || '/marketing_expense/'
      when payer = channel then channel || '/channel_receivable/'
      when payer = any (payees) then payer || '/payable/'
      else payer || '/receivable/' end as debit,
    case
      when target = 'programme' then platform || '/stored_value/' || campaign_id
      when payee = platform then platform || case amount_kind when 'remainder' then '/margin/' else '/commission_revenue/' end
      when payee = supplier then supplier ||
        case when amount_kind = 'supplier_cost' and terms ->> 'supplierTerms' = 'prepaid' then '/prepaid/' else '/payable/' end
      when payee = channel then channel || '/channel_receivable/'
      when payee = brand and not brand = any (payees) then brand || '/receivable/'
      else payee || '/payable/' end as credit,
    case
      when amount_kind = 'channel_fee' then case when collected_by = 'platform' and channel is not null then paid else 0 end
      when base = 'gross' then gross
      when base = 'paid' then paid
      when base = 'discount' then discount
      when base = 'net_of_merchant_discount' then gross - coalesce(m.amount, 0)
      when base = 'face' then (terms ->> 'face')::numeric
      when base = 'net_of_markup' then paid - coalesce((terms ->> 'markup')::numeric, 0)
      when base like 'funding:%' then coalesce(f.amount, 0) end as base_amount,
    coalesce(b.amount, 0) as borne,
    case
      when amount_kind = 'channel_fee' then coalesce(channel_rate, 0)
      when agreed then coalesce((terms -> 'rates' ->> payee)::numeric, rate)
      else rate end as applied_rate,
    case when amount_kind = 'channel_fee' then coalesce((terms ->> 'feeMin')::numeric, least) else least end as lower_bound,
    case when amount_kind = 'channel_fee' then coalesce((terms ->> 'feeMax')::numeric, most) else most end as upper_bound
  from named n
  left join parts m on m.trade = n.id and m.party = n.merchant
  left join parts b on b.trade = n.id and b.party = n.payer and n.amount_kind = 'funding'
  left join parts f on f.trade = n.id and f.party = n.funder),
-- money that no sale takes is charged for by its channel, too
held as materialized (
  select t.id, t.traded_at, t.currency, t.paid::numeric as paid, t.channel_id::text as channel, h.platform,
    t.channel_fee_rate::numeric as rate, p.fee_min::numeric as least, p.fee_max::numeric as most,
    p.updated_at > t.posted_at as channel_changed
  from trades t cross join house h left join payment_channels p on p.tenant_id = $1 and p.party_id = t.channel_id
  where t.tenant_id = $1 and t.kind = 'payment' and t.traded_at >= $2 and t.traded_at < $3),

-- ── fee schedules: whose month, which version ──
schedules as materialized (
  select v.id, v.schedule_id, v.definition, s.role, s.leg, s.currency, v.effective_from, v.definition ->> 'method' as method,
    coalesce((v.definition ->> 'fixed')::numeric, 0) as fixed, (v.definition ->> 'min')::numeric as least,
    (v.definition ->> 'max')::numeric as most, coalesce(v.definition ->> 'rounding', 'half_up') as rounding,
    least(v.effective_to, lead(v.effective_from) over (partition by v.schedule_id order by v.effective_from, v.id)) as until
  from fee_schedule_versions v join fee_schedules s on s.tenant_id = v.tenant_id and s.id = v.schedule_id
  where v.tenant_id = $1 and v.state = 'scheduled'),
applies as materialized (
  select s.id as version, 'party/' || p as who, 1 as place from schedules s, jsonb_array_elements_text(s.definition #> '{appliesTo,parties}') p
  union all
  select s.id, 'tier/' || t, 2 from schedules s, jsonb_array_elements_text(s.definition #> '{appliesTo,tiers}') t
  union all
  select s.id, 'everyone', 3 from schedules s where (s.definition #>> '{appliesTo,everyone}')::boolean),
questions as materialized (
  select id as trade, traded_at, currency, nth, code, base_amount as base,
    case when amount_kind = 'channel_fee' then 'channel' when 'merchant' in (source, target) then 'merchant' else 'distributor' end as role,
    case
      when amount_kind = 'channel_fee' then channel
      when source in ('merchant', 'distributor') or source like 'upline:%' then case target when 'platform' then payer end
      when (target in ('merchant', 'distributor') or target like 'upline:%') and source in ('platform', 'payer') then payee end as party,
    tier, distributor
  from placed where amount_kind in ('channel_fee', 'fee_schedule') and base_amount > 0
  union all
  select id, traded_at, currency, 0, 'fee.channel', paid, 'channel', channel, null, null from held),
found as materialized (
  select distinct on (q.trade, q.nth) q.trade, q.nth, q.code, q.party, q.base, s.id as version,
    to_char(q.traded_at at time zone h.timezone, 'YYYY-MM') as period
  from questions q cross join house h
  cross join lateral (values ('party/' || q.party), ('tier/' || case when q.party = q.distributor then q.tier end), ('everyone')) as w (who)
  join applies a on a.who = w.who
  join schedules s on s.id = a.version and s.role = q.role and s.currency = q.currency and (s.role = 'channel' or s.leg = q.code)
    and s.effective_from <= q.traded_at and (s.until is null or q.traded_at < s.until)
  where q.party is not null
  order by q.trade, q.nth, a.place, s.effective_from desc, s.id desc),

-- ── fee schedules: where months stood, and what they come to ──
entries as materialized (
  select t.id as trade, t.kind, t.traded_at, t.reverses_id, t.refunded_before + t.discount - t.gross as refunded,
    f.leg, f.version, f.party::text as party, f.period, f.volume::numeric, f.count::numeric, f.charged::numeric, f.base::numeric,
    f.amount::numeric
  from trades t cross join lateral trade_fees(t.fees) as f
  where t.tenant_id = $1 and t.fees is not null),
months as materialized (
  select c.schedule_id, c.party_id::text as party, c.period, c.volume::numeric, c.count::numeric, c.charged::numeric, c.pays, c.open,
    s.id as version
  from fee_counters c cross join house h
  -- the version that counts a month is the one at its end
  left join schedules s on s.schedule_id = c.schedule_id
    and s.effective_from < ((c.period || '-01')::timestamp + interval '1 month') at time zone h.timezone
    and (s.until is null or s.until >= ((c.period || '-01')::timestamp + interval '1 month') at time zone h.timezone)
  where c.tenant_id = $1),
spots as (
  select version, volume from entries union select version, volume + base from entries
  union select version, volume from months where version is not null),
exact as (
  select s.version, s.volume, v.rounding, v.method,
    sum((least(s.volume, b.high) - b.low) * b.rate) filter (where b.low < s.volume) as by_slices,
    (array_agg(b.rate order by b.low desc) filter (where b.low <= s.volume))[1] as rate
  from spots s join schedules v on v.id = s.version
  join (select s.id as version, (b ->> 'from')::numeric as low, (b ->> 'rate')::numeric as rate,
      lead((b ->> 'from')::numeric) over (partition by s.id order by (b ->> 'from')::numeric) as high
    from schedules s cross join lateral jsonb_array_elements(s.definition -> 'bands') b) b on b.version = s.version
  group by 1, 2, 3, 4),
-- F of a volume, rounded once, and the rate that its band has
fee_of as materialized (
  select version, volume, rate, case rounding
      when 'down' then trunc(coalesce(case method when 'graduated' then by_slices else volume * rate end, 0))
      when 'up' then ceil(coalesce(case method when 'graduated' then by_slices else volume * rate end, 0))
      when 'half_even' then case when mod(coalesce(case method when 'graduated' then by_slices else volume * rate end, 0), 1) = 0.5 then 2 * trunc((coalesce(case method when 'graduated' then by_slices else volume * rate end, 0) + 1) / 2) else round(coalesce(case method when 'graduated' then by_slices else volume * rate end, 0)) end
      else round(coalesce(case method when 'graduated' then by_slices else volume * rate end, 0)) end as fee
  from exact),
prices as materialized (
  select f.trade, f.nth, f.code, f.party, f.version, f.period, f.base, case method
      when 'graduated' then least(most, a.fee + fixed * (count + 1)) - least(most, b.fee + fixed * count)
      when 'volume' then case when charged + single > most then greatest(most - charged, 0) else single end
      else case when single < s.least then s.least when single > most then most else single end end as amount
  from found f
  join schedules s on s.id = f.version
  join entries e on e.trade = f.trade and e.leg = f.code and e.party = f.party
  join fee_of b on b.version = f.version and b.volume = e.volume
  join fee_of a on a.version = f.version and a.volume = e.volume + f.base
  cross join lateral (select fixed + case rounding
      when 'down' then trunc(f.base * a.rate)
      when 'up' then ceil(f.base * a.rate)
      when 'half_even' then case when mod(f.base * a.rate, 1) = 0.5 then 2 * trunc((f.base * a.rate + 1) / 2) else round(f.base * a.rate) end
      else round(f.base * a.rate) end as single) x),
rounded as (
  select p.*, case rounding
    when 'down' then trunc(base_amount * applied_rate)
    when 'up' then ceil(base_amount * applied_rate)
    when 'half_even' then case when mod(base_amount * applied_rate, 1) = 0.5 then 2 * trunc((base_amount * applied_rate + 1) / 2) else round(base_amount * applied_rate) end
    else round(base_amount * applied_rate) end as by_rate
  from placed p),
lines as materialized (
  select r.*, f.version as schedule, case
    when c.amount is not null then c.amount
    when amount_kind in ('rate', 'fee_schedule', 'channel_fee') then case
      when base_amount = 0 then 0
      when by_rate < lower_bound then lower_bound
      when by_rate > upper_bound then upper_bound
      else by_rate end
    when amount_kind = 'fixed' then fixed
    when amount_kind = 'paid' then paid
    when amount_kind = 'funding' then borne
    when amount_kind = 'stored_value' then drawn
    when amount_kind = 'supplier_cost' then (terms ->> 'cost')::numeric
    when amount_kind = 'markup' then coalesce((terms ->> 'markup')::numeric, 0)
    when amount_kind = 'remainder' then null end as amount
  from rounded r
  left join found f on f.trade = r.id and f.nth = r.nth
  left join prices c on c.trade = r.id and c.nth = r.nth),
-- what is left of the collected money, once the payer's other legs are off
carried as (
  select id, sum(amount) filter (where source = 'payer' and debit is not null and credit is not null) as amount
  from lines where amount_kind <> 'channel_fee' group by id),
moved as materialized (
  select l.id, l.nth, l.code, l.debit, l.credit, l.source, l.amount_kind, coalesce(l.amount, l.paid - coalesce(c.amount, 0)) as amount,
    l.platform, l.channel, l.version
  from lines l left join carried c on c.id = l.id
  where l.amount_kind <> 'channel_fee' and l.debit <> l.credit),

-- ── the channel's fee, and who bears it ──
fees as materialized (
  select l.id, l.nth, l.code, l.amount, l.platform, l.channel, l.payees, l.roles, l.version,
    coalesce(s.definition ->> 'bearer', l.terms ->> 'feeBearer', l.definition ->> 'feeBearer', 'platform') as bearer
  from lines l left join schedules s on s.id = l.schedule
  where l.amount_kind = 'channel_fee' and l.amount > 0),
keeping as (
  select f.id, k.party collate "C" as party, sum(k.amount) as kept
  from fees f join moved m on m.id = f.id
  cross join lateral (values (split_part(m.credit, '/', 1), m.amount),
    (split_part(m.debit, '/', 1), case when m.source = 'payer' then 0 else -m.amount end)) as k (party, amount)
  where f.bearer = 'proportional' and m.amount > 0 and m.amount_kind not in ('funding', 'stored_value', 'supplier_cost')
    and split_part(m.debit, '/', 2) <> 'receivable'
    and (split_part(m.debit, '/', 2) <> 'channel_receivable' or m.source = 'payer')
  group by 1, 2 having sum(k.amount) > 0),
weighed as (
  select f.id, f.nth, k.party, div(f.amount * k.kept, sum(k.kept) over w) as whole,
    mod(f.amount * k.kept, sum(k.kept) over w) as rest, f.amount
  from fees f join keeping k on k.id = f.id window w as (partition by f.id, f.nth)),
borne as (
  select id, nth, party, whole + case when row_number() over (partition by id, nth order by rest desc, party)
    <= amount - sum(whole) over (partition by id, nth) then 1 else 0 end as amount
  from weighed
  union all
  select f.id, f.nth, case f.bearer when 'proportional' then f.platform else f.roles ->> f.bearer end, f.amount
  from fees f where f.bearer <> 'proportional' or not exists (select from keeping k where k.id = f.id)),
charged as (
  select f.id, f.code, case
      when b.party = f.platform then f.platform || '/channel_fee/' || f.channel
      when b.party = any (f.payees) then b.party || '/payable/'
      else b.party || '/receivable/' end as debit,
    f.channel || '/channel_receivable/' as credit, b.amount, f.platform, f.channel, f.version
  from fees f join borne b on b.id = f.id and b.nth = f.nth),
cleared as (
  select id as trade, code as leg, debit, credit, amount, null::uuid as reverses,
    case
      when split_part(credit, '/', 1) not in (platform, coalesce(channel, '')) then split_part(credit, '/', 1)
      when split_part(debit, '/', 1) not in (platform, coalesce(channel, '')) then split_part(debit, '/', 1)
      else coalesce(channel, platform) end as party,
    nullif(version, (select id from house_rule)) as version
  from (
    select id, code, debit, credit, amount, platform, channel, version from moved
    union all
    select id, code, debit, credit, amount, platform, channel, version from charged) l
  where amount > 0),

-- ── reversals: each leg's cumulative part before and after, and what lies between ──
undone as materialized (
  select r.id, r.posted_at, r.discount, r.paid, r.rule_version_id, o.id as original, (o.gross - o.discount)::numeric as given,
    o.discount::numeric as o_discount,
    coalesce(sum(r.discount - r.gross) over (partition by r.reverses_id order by r.refunded_before, r.discount - r.gross, r.id
      rows between unbounded preceding and 1 preceding), 0)::numeric as before,
    (r.discount - r.gross)::numeric as refund, r.traded_at,
    -- where no money went back but another sale took the trade's place, the channel's fee is undone whatever the channel does
    exists (select from order_events e where e.tenant_id = $1 and e.order_id = r.order_id
      and (e.kind = 'redelivered' and e.trade_id = r.id or e.kind = 'reissued' and e.data ->> 'reversal' = r.id::text)) as exchanged,
    c.channel_refunds_fee, c.updated_at as channel_changed
  from trades r join trades o on o.tenant_id = $1 and o.id = r.reverses_id
  left join parties c on c.tenant_id = $1 and c.id = r.channel_id
  where r.tenant_id = $1 and r.kind = 'reversal'
    and r.reverses_id in (select reverses_id from trades where tenant_id = $1 and kind = 'reversal' and traded_at >= $2 and traded_at < $3)),
now_undone as materialized (
  select u.*, u.exchanged or case
    -- who the channel was then is not kept: where it was changed since, what stands in the books tells
    when u.channel_changed > u.posted_at then exists (
        select from transfers b join transfers t on t.tenant_id = $1 and t.id = b.reverses_id
        join accounts a on a.tenant_id = $1 and a.id = t.credit_account_id and a.kind = 'channel_receivable'
        where b.tenant_id = $1 and b.trade_id = u.id)
      or exists (select from entries e join schedules s on s.id = e.version and s.role = 'channel' where e.trade = u.id)
    else coalesce(u.channel_refunds_fee, false) end as gives_fee_back
  from undone u where u.traded_at >= $2 and u.traded_at < $3),
originals as materialized (
  select u.id, u.original, u.given, u.before, u.before + u.refund as after, t.id as transfer, t.leg, t.amount::numeric as amount,
    t.party_id::text as party, t.rule_version_id as version, d.party_id || '/' || d.kind || '/' || d.ref as debit,
    c.party_id || '/' || c.kind || '/' || c.ref as credit,
    d.kind in ('channel_receivable', 'wallet', 'stored_value') and coalesce(l.source, 'payer') in ('payer', 'programme') as passes_on,
    row_number() over (partition by u.id order by t.id) as nth
  from now_undone u
  join transfers t on t.tenant_id = $1 and t.trade_id = u.original
  join accounts d on d.tenant_id = $1 and d.id = t.debit_account_id
  join accounts c on c.tenant_id = $1 and c.id = t.credit_account_id
  left join plan l on l.version = t.rule_version_id and l.code = t.leg
  where c.kind <> 'channel_receivable' or u.gives_fee_back),
points as materialized (
  select o.*, p.side, p.refunded,
    sum(o.amount) filter (where o.passes_on) over (partition by o.id, p.side) = o.given and o.passes_on as together
  from originals o cross join lateral (values (1, o.after), (-1, o.before)) as p (side, refunded)
  where not (p.side = -1 and o.given = 0)),
-- Webster: the k-th unit of a leg ranks by (2k − 1) / leg. A share is never further from its quota than there are legs.
quota as (
  select id, side, nth, amount, given, refunded, div(amount * refunded, given) as floor, count(*) over (partition by id, side) as legs
  from points where together and refunded > 0 and refunded < given),
units as (
  select q.id, q.side, q.nth, k, greatest(q.floor - q.legs, 0) as sure, q.refunded,
    row_number() over (partition by q.id, q.side order by round((2 * k - 1)::numeric(120, 70) / q.amount, 60), q.nth) as place
  from quota q cross join lateral generate_series(greatest(q.floor - q.legs, 0) + 1, least(q.floor + q.legs + 1, q.amount)) as k),
sure as (
  select id, side, sum(greatest(floor - legs, 0)) as amount from quota group by 1, 2),
webster as (
  select q.id, q.side, q.nth, greatest(q.floor - q.legs, 0) + count(u.k) as amount
  from quota q join sure s on s.id = q.id and s.side = q.side
  left join units u on u.id = q.id and u.side = q.side and u.nth = q.nth and u.place <= q.refunded - s.amount
  group by q.id, q.side, q.nth, q.floor, q.legs),
cumulated as (
  select p.id, p.nth, sum(p.side * case
    when p.refunded = p.given then p.amount
    when p.refunded = 0 then 0
    when p.together then w.amount
    else div(2 * p.amount * p.refunded + p.given, 2 * p.given) end) as amount
  from points p left join webster w on w.id = p.id and w.side = p.side and w.nth = p.nth
  group by 1, 2),
mirrored as (
  select o.id as trade, o.leg, o.credit as debit, o.debit as credit, c.amount, o.transfer as reverses, o.party, o.version
  from originals o join cumulated c on c.id = o.id and c.nth = o.nth where c.amount > 0),

-- ── fees of months: what goes back besides, and what a month that is over still lacks ──
walked as materialized (
  select u.id as trade, e.leg, e.version, e.party, e.period, u.rule_version_id, o.role, w.base, coalesce(m.amount, 0) as mirrored,
    o.role <> 'channel' and (l.source in ('merchant', 'distributor') or l.source like 'upline:%') as pays,
    case o.method when 'graduated'
      then least(o.most, b.fee + o.fixed * k.count) - least(o.most, a.fee + o.fixed * (k.count - case when w.whole then 1 else 0 end))
      else coalesce(m.amount, 0) end as back
  from now_undone u
  join entries e on e.trade = u.original
  join schedules o on o.id = e.version and (o.role <> 'channel' or u.gives_fee_back)
  cross join lateral (select u.before + u.refund = u.given as whole, case when u.given = 0 then e.base else
    div(2 * e.base * (u.before + u.refund) + u.given, 2 * u.given) - div(2 * e.base * u.before + u.given, 2 * u.given) end as base) w
  left join plan l on l.version = u.rule_version_id and l.code = e.leg
  left join entries k on k.trade = u.id and k.leg = e.leg and k.party = e.party
  left join fee_of b on b.version = e.version and b.volume = k.volume
  left join fee_of a on a.version = e.version and a.volume = k.volume - w.base
  left join (select trade, leg, sum(amount) as amount from mirrored group by 1, 2) m on m.trade = u.id and m.leg = e.leg),
trued as materialized (
  select e.trade, s.leg, m.version, e.party, e.period, s.role, m.pays, case
    when s.method = 'flat' or s.method = 'graduated' and s.least is null then null
    when e.volume = 0 then 0
    when f.fee + s.fixed * e.count < s.least then s.least
    else least(s.most, f.fee + s.fixed * e.count) end - e.charged as amount
  from entries e join schedules o on o.id = e.version
  join months m on m.schedule_id = o.schedule_id and m.party = e.party and m.period = e.period
  join schedules s on s.id = m.version
  join fee_of f on f.version = m.version and f.volume = e.volume
  where e.kind = 'adjustment' and e.traded_at >= $2 and e.traded_at < $3),
corrected as (
  select c.trade, c.leg, case when c.pays = (c.more > 0) then a.own else a.house end as debit,
    case when c.pays = (c.more > 0) then a.house else a.own end as credit, abs(c.more) as amount, null::uuid as reverses, c.party,
    c.rule_version_id as version
  from (
    select trade, 'fee.walk_back' as leg, role, party, pays, mirrored - back as more, rule_version_id from walked
    union all
    select trade, 'fee.true_up', role, party, pays, amount, null from trued) c
  cross join house h
  cross join lateral (select
    party || case role when 'channel' then '/channel_receivable/' else '/payable/' end as own,
    h.platform || case when role = 'channel' then '/channel_fee/' || party when pays then '/commission_revenue/'
      when role = 'distributor' then '/margin/' else '/marketing_expense/' end as house) a
  where c.more <> 0),
fees_expected as (
  select trade, code as leg, version, party, period, base, amount from prices
  union all select trade, leg, version, party, period, -base, -back from walked
  union all select trade, leg, version, party, period, 0, amount from trued),
fees_kept as (
  select trade, leg, version, party, period, base, amount from entries where traded_at >= $2 and traded_at < $3),
-- Each trade goes on from where another one has left the month: what was found, and nothing, is what was left, and what stands.
steps as materialized (
  select s.schedule_id, e.party, e.period, e.volume, e.count, e.charged, e.volume + e.base as next_volume, e.charged + e.amount as next_charged,
    e.count + case e.kind when 'adjustment' then 0 when 'reversal' then case when e.refunded = o.gross - o.discount then -1 else 0 end
      else 1 end as next_count
  from entries e join schedules s on s.id = e.version left join trades o on o.tenant_id = $1 and o.id = e.reverses_id
  where $4::text is null or e.period = $4),
standing as (select * from months where $4::text is null or period = $4),
broken_months as (
  select schedule_id, party, period, volume, count, charged from (
    select schedule_id, party, period, volume, count, charged from steps
    union all select schedule_id, party, period, volume, count, charged from standing) found_so
  except all
  select schedule_id, party, period, next_volume, next_count, next_charged from (
    select schedule_id, party, period, next_volume, next_count, next_charged from steps
    union all select schedule_id, party, period, 0, 0, 0 from standing) left_so),
wrong_months as (
  select schedule_id, party, period, volume, count, charged from broken_months
  union
  select m.schedule_id, m.party, m.period, m.volume, m.count, m.charged
  from standing m join schedules s on s.id = m.version join fee_of f on f.version = m.version and f.volume = m.volume
  where not m.open and (s.method = 'volume' or s.method = 'graduated' and s.least is not null)
    and m.charged <> case when m.volume = 0 then 0 when f.fee + s.fixed * m.count < s.least then s.least
      else least(s.most, f.fee + s.fixed * m.count) end),

-- ── money that no sale takes ──
suspended as (
  select id as trade, 'payment.held' as leg, channel || '/channel_receivable/' as debit, platform || '/suspense/' as credit,
    paid as amount, null::uuid as reverses, channel as party, null::uuid as version
  from held
  union all
  select id, 'fee.channel', platform || '/channel_fee/' || channel, channel || '/channel_receivable/', fee, null, channel, null
  from (
    select h.*, case
      when f.trade is not null then c.amount
      when channel_changed then (select sum(t.amount) from transfers t where t.tenant_id = $1 and t.trade_id = h.id and t.leg = 'fee.channel')
      when round(paid * rate) < least then least when round(paid * rate) > most then most else round(paid * rate) end as fee
    from held h left join found f on f.trade = h.id left join prices c on c.trade = h.id) f
  where fee > 0),

-- ── the comparison ──
expected as materialized (
  select trade, leg, debit, credit, amount, reverses, party, version from cleared
  union all select trade, leg, debit, credit, amount, reverses, party, version from mirrored
  union all select trade, leg, debit, credit, amount, reverses, party, version from suspended
  union all select trade, leg, debit, credit, amount, reverses, party, version from corrected),
posted as materialized (
  select t.trade_id as trade, t.leg, d.party_id || '/' || d.kind || '/' || d.ref as debit,
    c.party_id || '/' || c.kind || '/' || c.ref as credit, t.amount::numeric as amount, t.reverses_id as reverses,
    t.party_id::text as party, t.rule_version_id as version
  from trades s join transfers t on t.tenant_id = $1 and t.trade_id = s.id
  join accounts d on d.tenant_id = $1 and d.id = t.debit_account_id and d.currency = s.currency
  join accounts c on c.tenant_id = $1 and c.id = t.credit_account_id and c.currency = s.currency
  where s.tenant_id = $1 and s.kind in ('redemption', 'card_sale', 'stored_value', 'reversal', 'payment', 'adjustment')
    and s.traded_at >= $2 and s.traded_at < $3),
offenders as (
  (select 'not posted' as fault, to_jsonb(e) as what from (select * from expected except all select * from posted) e limit 20)
  union all
  (select 'not to be posted', to_jsonb(p) from (select * from posted except all select * from expected) p limit 20)
  union all
  (select 'another version', jsonb_build_object('trade', s.id, 'version', s.rule_version_id, 'in_force', r.version)
    from sold s left join ruled r on r.id = s.id
    where s.rule_version_id is distinct from nullif(r.version, (select id from house_rule)) limit 20)
  union all
  (select 'refund of another discount', jsonb_build_object('trade', u.id, 'discount', u.discount)
    from now_undone u where -u.discount <> case when u.given = 0 then u.o_discount
      else div(2 * u.o_discount * (u.before + u.refund) + u.given, 2 * u.given) - div(2 * u.o_discount * u.before + u.given, 2 * u.given) end
    limit 20)
  union all
  (select 'fee not kept', to_jsonb(f) from (select * from fees_expected except all select * from fees_kept) f limit 20)
  union all
  (select 'fee not to be kept', to_jsonb(f) from (select * from fees_kept except all select * from fees_expected) f limit 20)
  union all
  (select 'a month that does not follow from its trades', to_jsonb(m) from wrong_months m limit 20))
select
  (select count(*) from sold) + (select count(*) from now_undone) + (select count(*) from held) + (select count(*) from trued) as trades,
  (select count(*) from posted) as transfers,
  (select count(*) from standing) as months,
  coalesce((select jsonb_agg(jsonb_build_object('fault', fault) || jsonb_strip_nulls(what)) from offenders), '[]') as offenders
