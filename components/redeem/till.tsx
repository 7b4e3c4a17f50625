"use client";

import { useQuery } from "@tanstack/react-query";
import { ScanLine } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPCClient } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { readError } from "@/components/ui/error-message";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { Select } from "@/components/ui/select";
import { Spinner } from "@/components/ui/spinner";
import type { VoucherLookup } from "@/server/domain/vouchers/types";
import { CodeInput, type CodeInputHandle } from "./code-input";
import { completeness, tidyCode } from "./code-text";
import { Receipt } from "./receipt";
import { RefusalNote, RefusalPanel } from "./refusal";
import { Scanner } from "./scanner";
import { useRedeem } from "./use-redeem";
import { Offer, VoucherFacts } from "./voucher-facts";

/** Refusals that another amount or product can turn. */
const MENDABLE: readonly string[] = [
  "VOUCHER_BELOW_THRESHOLD",
  "VOUCHER_WRONG_PRODUCT",
  "VOUCHER_BALANCE_TOO_LOW",
  "DISCOUNT_EXCEEDS_ORDER",
];

/** A rotating code moved on; the newest one has to be shown. */
const OUTRUN: readonly string[] = [
  "VOUCHER_CODE_STALE",
  "VOUCHER_CODE_USED",
  "VOUCHER_CODE_AMBIGUOUS",
  "VOUCHER_DYNAMIC_REQUIRED",
];
const RETYPED: readonly string[] = ["VOUCHER_MISTYPED", "VOUCHER_UNKNOWN"];

/** One voucher from its code to its receipt. */
export function Till({
  merchantId,
  disabled,
  onNext,
}: {
  merchantId: string | null;
  disabled: boolean;
  onNext: () => void;
}) {
  const t = useTranslations("redeem");
  const format = useFormat();
  const can = useCan();
  const { tenant } = useViewer();
  const codeField = useRef<CodeInputHandle>(null);
  const [code, setCode] = useState("");
  const [asked, setAsked] = useState<string | null>(null);
  const [amount, setAmount] = useState<bigint | null>(null);
  const [draw, setDraw] = useState<bigint | null>(null);
  const [product, setProduct] = useState("");
  const [orderRef, setOrderRef] = useState("");
  const [scanning, setScanning] = useState(false);
  const { state, redeem, retry, reset } = useRedeem();
  const typed = useSettled(`${amount ?? ""} ${draw ?? ""}`, 250);
  const [settledAmount, settledDraw] = typed.value.split(" ").map((text) => (text ? BigInt(text) : null));

  const lookup = useLookup(
    asked === null
      ? null
      : { code: asked, merchantId, orderAmount: settledAmount ?? null, draw: settledDraw ?? null, product },
  );
  const found = lookup.found;
  const currency = found?.currency ?? tenant.currency;
  const products = useProducts(found);

  const ask = (text: string) => {
    const tidy = tidyCode(text);
    setCode(tidy);
    if (tidy !== "") setAsked(tidy);
    if (state.phase !== "idle") reset();
  };
  const type = (text: string) => {
    setCode(text);
    setAsked(null);
    setProduct("");
    setDraw(null);
    if (state.phase !== "idle") reset();
  };
  // A complete code is looked up by itself; a gun types the digits of a rotating code right behind.
  useEffect(() => {
    const complete = completeness(code);
    if (complete === "no" || asked !== null) return;
    const timer = setTimeout(() => setAsked(code), complete === "sure" ? 150 : 900);
    return () => clearTimeout(timer);
  }, [code, asked]);

  // On a desk with a keyboard or a gun the field is ready; on a phone the keyboard stays away until asked for.
  useEffect(() => {
    if (!disabled && window.matchMedia("(pointer: fine)").matches) codeField.current?.focus();
  }, [disabled]);
  const usable = found !== null && (found.refusal === null || MENDABLE.includes(found.refusal.code));
  const amountRef = useRef<HTMLDivElement>(null);
  const needsAmount = usable && amount === null;
  useEffect(() => {
    if (!needsAmount) return;
    amountRef.current?.querySelector("input")?.focus({ preventScroll: true });
    // Clear of the bar with the button, which lies over the lower edge of a phone.
    amountRef.current?.scrollIntoView({ block: "center" });
  }, [needsAmount]);
  // What is the only product needs no choosing.
  const [only, second] = products;
  useEffect(() => {
    if (only !== undefined && second === undefined) setProduct(only);
  }, [only, second]);
  const needsProduct = products.length > 0 && product === "";

  const fresh = lookup.current && typed.settled && settledAmount === amount;
  const offer = fresh && found?.refusal === null ? found.offer : null;
  const maySubmit =
    offer !== null && !needsProduct && can("voucher:redeem") && !disabled && state.phase === "idle";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (asked === null) {
      if (code) ask(code);
    } else if (maySubmit && amount !== null) {
      redeem({
        code: asked,
        merchantId,
        orderAmount: amount,
        currency,
        amount: draw,
        productCode: product || null,
        orderRef: orderRef.trim() || null,
      });
    } else typed.settle();
  };

  /** What to do after a refusal: a code that has run out is scanned anew and the amount stays; a typing error is mended. */
  const wayOn = (error: unknown) => {
    const refusedFor = readError(error).code;
    if (OUTRUN.includes(refusedFor))
      return (
        <Button size="lg" icon={<ScanLine aria-hidden />} onClick={() => setScanning(true)}>
          {t("refused.scanAgain")}
        </Button>
      );
    return RETYPED.includes(refusedFor) ? (
      <Button variant="outline" size="lg" onClick={() => codeField.current?.focus()}>
        {t("refused.retype")}
      </Button>
    ) : (
      <Button variant="outline" size="lg" onClick={onNext}>
        {t("refused.tryAnother")}
      </Button>
    );
  };

  if (state.phase === "done") return <Receipt receipt={state.receipt} onNext={onNext} />;
  const sending = state.phase === "sending";
  /** The redeeming itself was refused, or nobody knows: what was typed is out of the way. */
  const answered = state.phase === "refused" || state.phase === "unclear";
  const held = sending || state.phase === "unclear";
  return (
    <>
      <form onSubmit={submit} className="space-y-4">
        <div className="flex items-end gap-2">
          <Field
            label={t("code.label")}
            hint={asked === null ? t("code.hint") : undefined}
            className="flex-1"
          >
            <CodeInput
              handle={codeField}
              value={code}
              onValueChange={type}
              onSubmit={ask}
              disabled={disabled || held}
            />
          </Field>
          {asked === null ? null : (
            <Button
              variant="outline"
              size="xl"
              aria-label={t("code.scan")}
              title={t("code.scan")}
              className="px-4"
              disabled={held}
              onClick={() => setScanning(true)}
            >
              <ScanLine aria-hidden className="size-6" />
            </Button>
          )}
        </div>
        {asked === null ? (
          <Button
            size="xl"
            icon={<ScanLine aria-hidden />}
            className="w-full"
            disabled={disabled}
            onClick={() => setScanning(true)}
          >
            {t("code.scan")}
          </Button>
        ) : null}

        {state.phase === "refused" ? (
          <RefusalPanel error={state.error} currency={currency} actions={wayOn(state.error)} />
        ) : null}
        {state.phase === "unclear" ? (
          <Alert tone="warning" title={t("unclear.title")}>
            <p className="text-base">{t("unclear.body")}</p>
            <div className="mt-3 space-y-2">
              <Button size="xl" className="w-full" onClick={() => void retry()}>
                {t("unclear.retry")}
              </Button>
              <Button variant="outline" size="lg" className="w-full" onClick={onNext}>
                {t("unclear.abandon")}
              </Button>
            </div>
          </Alert>
        ) : null}

        {lookup.error ? (
          <RefusalPanel error={lookup.error} currency={currency} actions={wayOn(lookup.error)} />
        ) : asked !== null && !found ? (
          <p role="status" className="flex items-center gap-2 py-4 text-muted-foreground">
            <Spinner />
            {t("code.checking")}
          </p>
        ) : null}

        {found ? (
          <>
            {found.refusal && !MENDABLE.includes(found.refusal.code) && !answered ? (
              <RefusalPanel error={found.refusal} currency={currency} actions={wayOn(found.refusal)} />
            ) : null}
            <VoucherFacts voucher={found} />
          </>
        ) : null}

        {usable && !answered ? (
          <>
            <div ref={amountRef}>
              <Field label={t("amount.label")} hint={t("amount.hint")} required>
                <MoneyInput
                  size="xl"
                  value={amount}
                  currency={currency}
                  disabled={held}
                  onValueChange={setAmount}
                />
              </Field>
            </div>
            {products.length > 0 ? (
              <Field label={t("product.label")} required>
                <Select
                  size="lg"
                  value={product}
                  disabled={held}
                  placeholder={t("product.choose")}
                  options={products.map((value) => ({ value, label: value }))}
                  onValueChange={setProduct}
                />
              </Field>
            ) : null}
            {found.type === "gift_card" ? (
              <Field label={t("draw.label")} hint={t("draw.hint")} optional>
                <MoneyInput
                  size="lg"
                  value={draw}
                  currency={currency}
                  disabled={held}
                  onValueChange={setDraw}
                />
              </Field>
            ) : null}
            <Field label={t("order.label")} hint={t("order.hint")} optional>
              <Input
                value={orderRef}
                maxLength={128}
                disabled={held}
                autoComplete="off"
                onChange={(event) => setOrderRef(event.target.value)}
              />
            </Field>
          </>
        ) : null}

        {usable && !answered ? (
          <div className="space-y-3 max-lg:sticky max-lg:bottom-[calc(3.75rem+env(safe-area-inset-bottom))] max-lg:z-20 max-lg:-mx-3 max-lg:border-t max-lg:border-border max-lg:bg-background max-lg:px-3 max-lg:py-3 sm:max-lg:-mx-5 sm:max-lg:px-5">
            {offer ? (
              <Offer voucher={found} offer={offer} />
            ) : found.refusal && amount !== null && fresh && !needsProduct ? (
              <RefusalNote error={found.refusal} currency={currency} />
            ) : (
              <p role="status" className="text-center text-sm text-muted-foreground">
                {amount === null
                  ? t("offer.enterAmount")
                  : needsProduct
                    ? t("product.choose")
                    : t("offer.calculating")}
              </p>
            )}
            {can("voucher:redeem") ? (
              <Button type="submit" size="xl" className="w-full" loading={sending} disabled={!maySubmit}>
                {sending
                  ? t(state.again ? "confirm.again" : "confirm.sending")
                  : offer && offer.discount > 0n
                    ? t("confirm.discount", { amount: format.money(offer.discount, currency) })
                    : offer && offer.storedValue > 0n
                      ? t("confirm.storedValue", { amount: format.money(offer.storedValue, currency) })
                      : t("confirm.plain")}
              </Button>
            ) : null}
          </div>
        ) : null}
      </form>
      <Scanner
        open={scanning}
        onOpenChange={setScanning}
        onFound={(text) => {
          setScanning(false);
          type("");
          ask(text);
        }}
      />
    </>
  );
}

interface Question {
  code: string;
  merchantId: string | null;
  orderAmount: bigint | null;
  draw: bigint | null;
  product: string;
}

/** What the server says of the code; the answer to the question before stands until the new one is there. */
function useLookup(question: Question | null) {
  const client = useTRPCClient();
  const { code, merchantId, orderAmount, draw, product } = question ?? NOTHING;
  const query = useQuery<Answer>({
    queryKey: ["till", code, merchantId, String(orderAmount), String(draw), product],
    enabled: question !== null,
    queryFn: async ({ signal }) => ({
      code,
      voucher: await client.vouchers.lookUp.mutate(
        { code, merchantId, orderAmount, amount: draw, productCode: product || null },
        { signal },
      ),
    }),
    placeholderData: (before) => (before?.code === code ? before : undefined),
    staleTime: 0,
    gcTime: 0, // codes do not linger
    refetchOnWindowFocus: false,
    refetchOnReconnect: true,
  });
  return {
    found: question ? (query.data?.voucher ?? null) : null,
    /** The answer is to this very question. */
    current: query.isSuccess && !query.isPlaceholderData && !query.isFetching,
    error: question && query.isError ? query.error : null,
  };
}
interface Answer {
  code: string;
  voucher: VoucherLookup;
}
const NOTHING: Question = { code: "", merchantId: null, orderAmount: null, draw: null, product: "" };

/** What may be bought with it, where it names products; known from the terms, or from a refusal. */
function useProducts(found: VoucherLookup | null): readonly string[] {
  const [learned, setLearned] = useState<{ id: string; products: readonly string[] } | null>(null);
  if (!found) return [];
  if (found.terms.type === "exchange") return found.terms.productCodes;
  const named = found.refusal?.code === "VOUCHER_WRONG_PRODUCT" ? found.refusal.params.products : null;
  if (typeof named === "string" && learned?.id !== found.voucherId) {
    const products = named.split(", ").filter(Boolean);
    setLearned({ id: found.voucherId, products });
    return products;
  }
  return learned?.id === found.voucherId ? learned.products : [];
}

/** A text once its typing has paused; `settle` does not wait. */
function useSettled(text: string, pause: number) {
  const [value, setValue] = useState(text);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => setValue(text), pause);
    return () => clearTimeout(timer);
  }, [text, value, pause]);
  return { value, settled: value === text, settle: () => setValue(text) };
}
