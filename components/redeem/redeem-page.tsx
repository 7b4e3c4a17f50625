"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useQueryState } from "nuqs";
import { useState } from "react";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Field } from "@/components/ui/field";
import { PageFrame } from "@/components/ui/page-frame";
import { PartyPicker } from "@/components/vouchers/pickers";
import { RecentRedemptions } from "./recent";
import { Till } from "./till";

/** The merchant's till, on whatever phone it has. Operators stand in for a merchant that they name. */
export function RedeemPage() {
  const t = useTranslations("redeem");
  const can = useCan();
  const { party } = useViewer();
  const own = party.kind === "merchant";
  const [chosenId, setChosenId] = useQueryState("merchant");
  const merchantId = own ? party.id : chosenId;
  const [round, setRound] = useState(0);
  const redeems = can("voucher:redeem");
  return (
    <PageFrame title={t("title")} description={<span className="max-sm:hidden">{t("description")}</span>}>
      <div className="grid max-w-6xl gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,34rem)_minmax(0,1fr)]">
        <div className="min-w-0 space-y-5">
          {redeems ? null : <Alert>{t("lookupOnly")}</Alert>}
          {own || !redeems ? null : <MerchantChoice id={chosenId} onChange={(id) => void setChosenId(id)} />}
          <Till
            key={`${round} ${merchantId ?? ""}`}
            merchantId={merchantId}
            disabled={redeems && merchantId === null}
            onNext={() => setRound((n) => n + 1)}
          />
        </div>
        {merchantId ? <RecentRedemptions merchantId={own ? null : merchantId} /> : null}
      </div>
    </PageFrame>
  );
}

function MerchantChoice({ id, onChange }: { id: string | null; onChange: (id: string | null) => void }) {
  const t = useTranslations("redeem.merchant");
  const trpc = useTRPC();
  const { data } = useQuery({
    ...trpc.parties.options.queryOptions({ ids: id ? [id] : [], kinds: ["merchant"] }),
    enabled: id !== null,
  });
  const known = data?.find((party) => party.id === id);
  return (
    <Field label={t("label")} hint={t("hint")} required>
      <PartyPicker
        kinds={["merchant"]}
        size="lg"
        value={id ? { value: id, label: known?.name ?? "…", detail: known?.number } : null}
        onValueChange={(option) => onChange(option?.value ?? null)}
        placeholder={t("choose")}
      />
    </Field>
  );
}
