"use client";

import { useMutation } from "@tanstack/react-query";
import { ScanLine, Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { useCan } from "@/components/layout/viewer";
import { codeSymbols, completeness } from "@/components/redeem/code-text";
import { Scanner } from "@/components/redeem/scanner";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Input } from "@/components/ui/input";

/**
 * One field for whatever somebody holds in hand. A code is looked up and opens its voucher, and never stands in an
 * address; anything else narrows the table.
 */
export function VoucherSearch({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const t = useTranslations("vouchers.search");
  const trpc = useTRPC();
  const router = useRouter();
  const can = useCan();
  const [text, setText] = useState(q);
  const [known, setKnown] = useState(q);
  const [scanning, setScanning] = useState(false);
  if (known !== q) {
    setKnown(q);
    setText(q);
  }
  const lookUp = useMutation(
    trpc.vouchers.lookUp.mutationOptions({
      onSuccess: ({ voucherId }) => {
        setText("");
        router.push(`/vouchers/${voucherId}`);
      },
    }),
  );
  const find = (wanted: string) => {
    const trimmed = wanted.trim();
    lookUp.reset();
    if (isCode(trimmed) && can("voucher:lookup")) {
      if (q) onSearch("");
      lookUp.mutate({ code: trimmed });
    } else onSearch(trimmed);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    find(text);
  };
  return (
    <div className="space-y-3">
      <form onSubmit={submit} className="flex max-w-2xl flex-wrap gap-2">
        <search className="min-w-56 flex-1">
          <Input
            type="search"
            enterKeyHint="search"
            aria-label={t("label")}
            placeholder={t("label")}
            autoComplete="off"
            spellCheck={false}
            value={text}
            maxLength={200}
            prefix={<Search aria-hidden />}
            onChange={(event) => setText(event.target.value)}
          />
        </search>
        <Button type="submit" variant="secondary" loading={lookUp.isPending}>
          {t("action")}
        </Button>
        {can("voucher:lookup") ? (
          <Button variant="outline" icon={<ScanLine aria-hidden />} onClick={() => setScanning(true)}>
            {t("scan")}
          </Button>
        ) : null}
      </form>
      {lookUp.error ? <ErrorAlert error={lookUp.error} className="max-w-2xl" /> : null}
      <Scanner
        open={scanning}
        onOpenChange={setScanning}
        onFound={(found) => {
          setScanning(false);
          setText(found);
          find(found);
        }}
      />
    </div>
  );
}

/** As long as a code, or nearly: a mistyped one must not land in the address either. Numbers begin with VC-. */
function isCode(text: string): boolean {
  if (/^vc-/i.test(text)) return false;
  if (completeness(text) === "sure") return true;
  const symbols = codeSymbols(text);
  const grouped = /^[0-9a-z]{4}([-\s][0-9a-z]{1,5}){2,4}$/i.test(text);
  return (
    /^[0-9A-Z]+$/.test(symbols) &&
    symbols.length >= 14 &&
    symbols.length <= 18 &&
    (grouped || !/[-_\s]/.test(text))
  );
}
