import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import type { FundingShare } from "../clearing/schemas";
import type { Books } from "../ledger";
import type { CampaignStatus, Verification, VoucherTerms, VoucherType } from "./schemas";

/** What redeeming reads of a campaign. */
export interface CampaignConfig {
  id: string;
  name: string;
  status: CampaignStatus;
  type: VoucherType;
  terms: VoucherTerms;
  currency: string;
  /** Undefined: as the split rule says. */
  funding: readonly FundingShare[] | undefined;
  brandId: string | null;
  /** Null: every merchant. */
  merchants: ReadonlySet<string> | null;
  /** Null: anything. */
  products: ReadonlySet<string> | null;
  verification: Verification;
  stackingGroup: string | null;
  usesPerVoucher: number;
  collectedBy: "platform" | "merchant";
  channelId: string | null;
}
export interface PartyConfig {
  name: string;
  kind: string;
  status: string;
}

interface Config {
  revision: bigint;
  campaigns: Map<string, CampaignConfig>;
  parties: Map<string, PartyConfig>;
}

/** By tenant, for as long as the revision of its configuration stands. */
const remembered = new Map<string, Config>();

/** Campaigns and parties of the tenant as of the books' revision; each is read once a revision. */
export class ConfigReader {
  readonly #config: Config;
  constructor(
    private readonly ctx: TxCtx,
    books: Books,
  ) {
    let config = remembered.get(ctx.tenant.id);
    if (!config || config.revision !== books.revision) {
      config = { revision: books.revision, campaigns: new Map(), parties: new Map() };
      remembered.set(ctx.tenant.id, config);
    }
    this.#config = config;
  }

  campaign(id: string): CampaignConfig | undefined {
    return this.#config.campaigns.get(id);
  }
  party(id: string): PartyConfig | undefined {
    return this.#config.parties.get(id);
  }

  async load(campaignIds: Iterable<string>, partyIds: Iterable<string>): Promise<void> {
    const { campaigns, parties } = this.#config;
    const campaignsMissing = [...new Set(campaignIds)].filter((id) => !campaigns.has(id));
    const partiesMissing = [...new Set(partyIds)].filter((id) => !parties.has(id));
    await Promise.all([
      campaignsMissing.length > 0 ? this.#loadCampaigns(campaignsMissing) : undefined,
      partiesMissing.length > 0 ? this.#loadParties(partiesMissing) : undefined,
    ]);
  }

  async #loadCampaigns(ids: string[]): Promise<void> {
    const rows = await rawSql(this.ctx.tx)<CampaignConfigRow[]>`
      select id, name, status, type, terms, currency, funding, brand_id, merchant_ids, product_codes, verification,
        stacking_group, uses_per_voucher, collected_by, channel_id
      from campaigns where tenant_id = ${this.ctx.tenant.id} and id = any(${ids}::uuid[])`;
    for (const row of rows) this.#config.campaigns.set(row.id, configOf(row));
  }

  async #loadParties(ids: string[]): Promise<void> {
    const rows = await rawSql(this.ctx.tx)<(PartyConfig & { id: string })[]>`
      select id, name, kind, status from parties
      where tenant_id = ${this.ctx.tenant.id} and id = any(${ids}::uuid[])`;
    for (const { id, ...party } of rows) this.#config.parties.set(id, party);
  }
}

interface CampaignConfigRow {
  id: string;
  name: string;
  status: CampaignStatus;
  type: VoucherType;
  terms: VoucherTerms;
  currency: string;
  funding: FundingShare[];
  brand_id: string | null;
  merchant_ids: string[];
  product_codes: string[];
  verification: Verification;
  stacking_group: string | null;
  uses_per_voucher: number;
  collected_by: "platform" | "merchant";
  channel_id: string | null;
}

function configOf(row: CampaignConfigRow): CampaignConfig {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    type: row.type,
    terms: row.terms,
    currency: row.currency,
    funding: row.funding.length > 0 ? row.funding : undefined,
    brandId: row.brand_id,
    merchants: row.merchant_ids.length > 0 ? new Set(row.merchant_ids) : null,
    products: row.product_codes.length > 0 ? new Set(row.product_codes) : null,
    verification: row.verification,
    stackingGroup: row.stacking_group,
    usesPerVoucher: row.uses_per_voucher,
    collectedBy: row.collected_by,
    channelId: row.channel_id,
  };
}
