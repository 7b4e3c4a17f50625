import { instantIn, localIn } from "@/components/format/format";
import type { ComboboxOption } from "@/components/ui/combobox";
import type { FundingShare } from "@/server/domain/clearing/schemas";
import type { CreateCampaignInput, VoucherType } from "@/server/domain/vouchers/schemas";
import type { VoucherTermsInput } from "@/server/domain/vouchers/terms-schemas";
import type { CampaignDetail } from "@/server/domain/vouchers/types";
import { micros } from "./funding-bar";

/** What the campaign's form holds: texts as they were typed, amounts once they could be read. */
export interface CampaignDraft {
  name: string;
  type: VoucherType;
  currency: string;
  brand: ComboboxOption | null;
  fixedAmount: bigint | null;
  threshold: bigint | null;
  thresholdAmount: bigint | null;
  every: boolean;
  thresholdCeiling: bigint | null;
  off: string | null;
  minimum: bigint | null;
  percentCeiling: bigint | null;
  exchangeProducts: string;
  exchangeCeiling: bigint | null;
  balance: bigint | null;
  fundingMode: "rule" | "shares";
  shares: ShareDraft[];
  merchantsMode: "all" | "some";
  merchants: ComboboxOption[];
  /** Chosen ones beyond those whose names are known here. */
  moreMerchantIds: string[];
  products: string;
  issueFrom: string | null;
  issueTo: string | null;
  quota: string;
  perCustomer: string;
  audience: string;
  validityMode: "always" | "window" | "days";
  validFrom: string | null;
  validTo: string | null;
  validDays: string;
  verification: "static" | "dynamic";
  uses: string;
  stacking: string;
  collectedBy: "platform" | "merchant";
  channel: ComboboxOption | null;
}

export interface ShareDraft {
  key: string;
  /** A role, or "party" with the party beside. */
  role: "brand" | "platform" | "merchant" | "party";
  party: ComboboxOption | null;
  share: string | null;
}

export function emptyDraft(currency: string): CampaignDraft {
  return {
    name: "",
    type: "threshold",
    currency,
    brand: null,
    fixedAmount: null,
    threshold: null,
    thresholdAmount: null,
    every: false,
    thresholdCeiling: null,
    off: null,
    minimum: null,
    percentCeiling: null,
    exchangeProducts: "",
    exchangeCeiling: null,
    balance: null,
    fundingMode: "shares",
    shares: [
      { key: "brand", role: "brand", party: null, share: "0.5" },
      { key: "platform", role: "platform", party: null, share: "0.3" },
      { key: "merchant", role: "merchant", party: null, share: "0.2" },
    ],
    merchantsMode: "all",
    merchants: [],
    moreMerchantIds: [],
    products: "",
    issueFrom: null,
    issueTo: null,
    quota: "",
    perCustomer: "",
    audience: "",
    validityMode: "days",
    validFrom: null,
    validTo: null,
    validDays: "30",
    verification: "static",
    uses: "1",
    stacking: "",
    collectedBy: "merchant",
    channel: null,
  };
}

export function draftOf(campaign: CampaignDetail, timeZone: string): CampaignDraft {
  const { terms } = campaign;
  const amount = (text: string | undefined) => (text === undefined ? null : BigInt(text));
  const local = (at: Date | null) => (at ? localIn(at, timeZone) : null);
  const known = new Set(campaign.merchants.map((merchant) => merchant.id));
  return {
    ...emptyDraft(campaign.currency),
    name: campaign.name,
    type: campaign.type,
    brand: option(campaign.brandId, campaign.brandName),
    ...(terms.type === "fixed" ? { fixedAmount: amount(terms.amount) } : {}),
    ...(terms.type === "threshold"
      ? {
          threshold: amount(terms.threshold),
          thresholdAmount: amount(terms.amount),
          every: terms.every,
          thresholdCeiling: amount(terms.ceiling),
        }
      : {}),
    ...(terms.type === "percent"
      ? { off: terms.off, minimum: amount(terms.minimum), percentCeiling: amount(terms.ceiling) }
      : {}),
    ...(terms.type === "exchange"
      ? { exchangeProducts: terms.productCodes.join("\n"), exchangeCeiling: amount(terms.ceiling) }
      : {}),
    ...(terms.type === "gift_card" ? { balance: amount(terms.balance) } : {}),
    fundingMode: campaign.funding.length > 0 ? "shares" : "rule",
    shares: campaign.funding.map(shareDraft),
    merchantsMode: campaign.merchantIds.length > 0 ? "some" : "all",
    merchants: campaign.merchants.map(({ id, name, number }) => ({ value: id, label: name, detail: number })),
    moreMerchantIds: campaign.merchantIds.filter((id) => !known.has(id)),
    products: campaign.productCodes.join("\n"),
    issueFrom: local(campaign.issueFrom),
    issueTo: local(campaign.issueTo),
    quota: campaign.quota === null ? "" : String(campaign.quota),
    perCustomer: campaign.perCustomerLimit === null ? "" : String(campaign.perCustomerLimit),
    audience: campaign.audience.join("\n"),
    validityMode:
      campaign.validDays !== null ? "days" : campaign.validFrom || campaign.validTo ? "window" : "always",
    validFrom: local(campaign.validFrom),
    validTo: local(campaign.validTo),
    validDays: campaign.validDays === null ? "" : String(campaign.validDays),
    verification: campaign.verification,
    uses: String(campaign.usesPerVoucher),
    stacking: campaign.stackingGroup ?? "",
    collectedBy: campaign.collectedBy,
    channel: option(campaign.channelId, campaign.channelName),
  };
}

function option(id: string | null, name: string | null): ComboboxOption | null {
  return id ? { value: id, label: name ?? "–" } : null;
}

function shareDraft({ party, share }: FundingShare): ShareDraft {
  return party === "brand" || party === "platform" || party === "merchant"
    ? { key: party, role: party, party: null, share }
    : { key: party, role: "party", party: { value: party, label: party }, share };
}

/** What is wrong, by field: a key of `campaigns.form.problems` or of `common.validation`. */
export type DraftProblem =
  | "required"
  | "AMOUNT_ABOVE_THRESHOLD"
  | "CEILING_BELOW_AMOUNT"
  | "FUNDING"
  | "PARTY"
  | "BRAND"
  | "CHANNEL"
  | "END"
  | "NUMBER"
  | "WINDOW";
export type DraftProblems = Partial<Record<string, DraftProblem>>;

export function problemsOf(draft: CampaignDraft): DraftProblems {
  const found: DraftProblems = {};
  const need = (field: string, present: boolean, problem: DraftProblem = "required") => {
    if (!present) found[field] ??= problem;
  };
  need("name", draft.name.trim() !== "");
  switch (draft.type) {
    case "fixed":
      need("fixedAmount", positive(draft.fixedAmount));
      break;
    case "threshold":
      need("threshold", positive(draft.threshold));
      need("thresholdAmount", positive(draft.thresholdAmount));
      if (draft.threshold !== null && draft.thresholdAmount !== null) {
        need("thresholdAmount", draft.thresholdAmount <= draft.threshold, "AMOUNT_ABOVE_THRESHOLD");
        if (draft.every && draft.thresholdCeiling !== null)
          need("thresholdCeiling", draft.thresholdCeiling >= draft.thresholdAmount, "CEILING_BELOW_AMOUNT");
      }
      break;
    case "percent":
      need("off", draft.off !== null && micros(draft.off) > 0 && micros(draft.off) <= 1_000_000);
      break;
    case "exchange":
      need("exchangeProducts", linesOf(draft.exchangeProducts).length > 0);
      break;
    case "gift_card":
      need("balance", positive(draft.balance));
  }
  if (draft.fundingMode === "shares") {
    const { shares } = draft;
    need("funding", shares.every((one) => partyOf(one) !== null) && shares.length > 0, "PARTY");
    const parties = shares.map(partyOf);
    need("funding", sumOf(shares) === 1_000_000 && new Set(parties).size === parties.length, "FUNDING");
    if (shares.some((one) => one.role === "brand")) need("brand", draft.brand !== null, "BRAND");
  }
  if (draft.merchantsMode === "some")
    need("merchants", draft.merchants.length + draft.moreMerchantIds.length > 0);
  if (draft.issueFrom && draft.issueTo) need("issueTo", draft.issueTo > draft.issueFrom, "END");
  if (draft.validityMode !== "always" && draft.validFrom && draft.validTo)
    need("validTo", draft.validTo > draft.validFrom, "END");
  if (draft.validityMode === "window")
    need("validTo", draft.validFrom !== null || draft.validTo !== null, "WINDOW");
  if (draft.validityMode === "days") need("validDays", readWhole(draft.validDays) !== null, "NUMBER");
  for (const field of ["quota", "perCustomer"] as const)
    if (draft[field].trim() !== "") need(field, readWhole(draft[field]) !== null, "NUMBER");
  if (draft.type !== "gift_card") need("uses", readWhole(draft.uses) !== null, "NUMBER");
  if (draft.collectedBy === "platform") need("channel", draft.channel !== null, "CHANNEL");
  return found;
}

const positive = (amount: bigint | null) => amount !== null && amount > 0n;

/** Millionths. */
export function sumOf(shares: readonly ShareDraft[]): number {
  return shares.reduce((sum, { share }) => sum + micros(share), 0);
}

export function partyOf({ role, party }: ShareDraft): string | null {
  return role === "party" ? (party?.value ?? null) : role;
}

/** The draft's terms as far as they can be read; null while something is missing. */
export function termsInput(draft: CampaignDraft): VoucherTermsInput | null {
  const optional = (name: "ceiling" | "minimum", amount: bigint | null) =>
    amount === null || amount <= 0n ? {} : { [name]: amount };
  switch (draft.type) {
    case "fixed":
      return draft.fixedAmount === null ? null : { type: "fixed", amount: draft.fixedAmount };
    case "threshold":
      return draft.threshold === null || draft.thresholdAmount === null
        ? null
        : {
            type: "threshold",
            threshold: draft.threshold,
            amount: draft.thresholdAmount,
            every: draft.every,
            ...(draft.every ? optional("ceiling", draft.thresholdCeiling) : {}),
          };
    case "percent":
      return draft.off === null
        ? null
        : {
            type: "percent",
            off: draft.off,
            ...optional("minimum", draft.minimum),
            ...optional("ceiling", draft.percentCeiling),
          };
    case "exchange":
      return linesOf(draft.exchangeProducts).length === 0
        ? null
        : {
            type: "exchange",
            productCodes: linesOf(draft.exchangeProducts),
            ...optional("ceiling", draft.exchangeCeiling),
          };
    case "gift_card":
      return draft.balance === null ? null : { type: "gift_card", balance: draft.balance };
  }
}

/** For a draft without problems. */
export function inputOf(draft: CampaignDraft, timeZone: string): CreateCampaignInput {
  const terms = termsInput(draft);
  if (!terms) throw new RangeError("a draft with problems");
  const at = (local: string | null) => (local ? instantIn(local, timeZone) : null);
  const bounded = draft.validityMode !== "always";
  return {
    name: draft.name.trim(),
    type: draft.type,
    terms,
    currency: draft.currency,
    funding:
      draft.fundingMode === "rule"
        ? []
        : draft.shares.map((one) => ({ party: partyOf(one) ?? "", share: one.share ?? "0" })),
    brandId: draft.brand?.value ?? null,
    merchantIds:
      draft.merchantsMode === "all"
        ? []
        : [...draft.merchants.map((merchant) => merchant.value), ...draft.moreMerchantIds],
    productCodes: linesOf(draft.products),
    issueFrom: at(draft.issueFrom),
    issueTo: at(draft.issueTo),
    validFrom: bounded ? at(draft.validFrom) : null,
    validTo: bounded ? at(draft.validTo) : null,
    validDays: draft.validityMode === "days" ? readWhole(draft.validDays) : null,
    quota: readWhole(draft.quota),
    perCustomerLimit: readWhole(draft.perCustomer),
    audience: linesOf(draft.audience),
    verification: draft.verification,
    stackingGroup: draft.stacking.trim() || null,
    usesPerVoucher: draft.type === "gift_card" ? 1 : (readWhole(draft.uses) ?? 1),
    collectedBy: draft.collectedBy,
    channelId: draft.channel?.value ?? null,
  };
}

/** Codes and ids a line, or parted by commas; each once. */
export function linesOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[\n,，、;；]/)
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ];
}

/** A whole number above zero: "1,000", full-width digits. Null for anything else. */
export function readWhole(text: string): number | null {
  const plain = text.normalize("NFKC").replace(/[\s,]/g, "");
  if (!/^\d{1,10}$/.test(plain)) return null;
  const value = Number(plain);
  return value > 0 && value <= 1_000_000_000 ? value : null;
}
