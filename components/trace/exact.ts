import type { useFormat } from "@/components/format/use-format";
import { currencyExponent } from "@/server/core/money";

/** An exact value in minor units ("98.5") as major units ("0.985"), without rounding and without floats. */
export function exactMajor(
  exact: string,
  currency: string,
  format: Pick<ReturnType<typeof useFormat>, "money">,
): string {
  const [whole = "0", fraction = ""] = exact.split(".");
  if (fraction === "") return format.money(BigInt(whole), currency);
  const places = currencyExponent(currency);
  const digits = whole.replace("-", "").padStart(places + 1, "0");
  const cut = digits.length - places;
  return `${whole.startsWith("-") ? "−" : ""}${digits.slice(0, cut)}.${digits.slice(cut)}${fraction}`;
}
