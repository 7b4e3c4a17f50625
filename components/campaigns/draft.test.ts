import { describe, expect, it } from "vitest";
import { createCampaignInput } from "@/server/domain/vouchers/schemas";
import { type CampaignDraft, emptyDraft, inputOf, linesOf, problemsOf, readWhole } from "./draft";

const ZONE = "Asia/Shanghai";
const good: CampaignDraft = {
  ...emptyDraft("CNY"),
  name: "满 100 减 20",
  threshold: 10_000n,
  thresholdAmount: 2_000n,
  brand: { value: "01900000-0000-7000-8000-000000000001", label: "品牌" },
};

describe("the campaign's form", () => {
  it("makes what the server takes", () => {
    expect(problemsOf(good)).toEqual({});
    const input = createCampaignInput.parse(inputOf(good, ZONE));
    expect(input.terms).toEqual({ type: "threshold", threshold: "10000", amount: "2000", every: false });
    expect(input.funding.map((f) => f.share)).toEqual(["0.5", "0.3", "0.2"]);
    expect(input.validDays).toBe(30);
  });

  it("says what is missing, by field", () => {
    expect(problemsOf(emptyDraft("CNY"))).toMatchObject({
      name: "required",
      threshold: "required",
      thresholdAmount: "required",
      brand: "BRAND",
    });
    expect(problemsOf({ ...good, thresholdAmount: 10_001n }).thresholdAmount).toBe("AMOUNT_ABOVE_THRESHOLD");
    expect(problemsOf({ ...good, collectedBy: "platform" }).channel).toBe("CHANNEL");
    expect(problemsOf({ ...good, type: "percent", off: "1.2" }).off).toBe("required");
  });

  it("takes shares only if they sum to the whole, each bearer once", () => {
    const [brand, platform, merchant] = good.shares;
    if (!brand || !platform || !merchant) throw new Error("three funders by default");
    const shares = [brand, platform, { ...merchant, share: "0.199999" }];
    expect(problemsOf({ ...good, shares }).funding).toBe("FUNDING");
    const thirds = [
      { ...brand, share: "0.333333" },
      { ...platform, share: "0.333333" },
      { ...merchant, share: "0.333334" },
    ];
    expect(problemsOf({ ...good, shares: thirds })).toEqual({});
    expect(problemsOf({ ...good, shares: [brand, { ...brand, key: "x" }] }).funding).toBe("FUNDING");
    expect(
      problemsOf({ ...good, shares: [{ ...brand, role: "party", party: null, share: "1" }] }).funding,
    ).toBe("PARTY");
  });

  it("reads times in the tenant's zone", () => {
    const input = inputOf({ ...good, validityMode: "window", validFrom: "2026-11-21T00:00" }, ZONE);
    expect(input.validFrom?.toISOString()).toBe("2026-11-20T16:00:00.000Z");
    expect(problemsOf({ ...good, issueFrom: "2026-11-21T00:00", issueTo: "2026-11-21T00:00" }).issueTo).toBe(
      "END",
    );
  });

  it("reads lists and counts as people write them", () => {
    expect(linesOf(" A1\nB2，A1；C3 ,\n")).toEqual(["A1", "B2", "C3"]);
    expect(readWhole("１，０００")).toBe(1_000);
    expect(readWhole("0")).toBeNull();
    expect(readWhole("1.5")).toBeNull();
  });
});
