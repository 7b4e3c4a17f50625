"use client";

import { useTranslations } from "next-intl";

/** What an entry holds: changes as before and after, the rest as name and value. */
export function EntryData({ data }: { data: Record<string, unknown> }) {
  const t = useTranslations("audit.detail");
  const entries = Object.entries(data);
  const changes = entries.filter(([, value]) => isChange(value));
  const facts = entries.filter(([, value]) => !isChange(value));
  if (entries.length === 0) return <p className="text-sm text-muted-foreground">{t("noData")}</p>;
  return (
    <div className="space-y-4">
      {changes.length > 0 ? (
        <table className="w-full border-collapse text-sm">
          <thead>
            <tr className="border-b border-border text-xs text-muted-foreground">
              <th scope="col" className="py-1.5 pe-3 text-start font-medium">
                {t("field")}
              </th>
              <th scope="col" className="py-1.5 pe-3 text-start font-medium">
                {t("from")}
              </th>
              <th scope="col" className="py-1.5 text-start font-medium">
                {t("to")}
              </th>
            </tr>
          </thead>
          <tbody>
            {changes.map(([field, value]) => {
              const { from, to } = value as { from: unknown; to: unknown };
              return (
                <tr key={field} className="border-b border-border align-top last:border-0">
                  <th scope="row" className="py-1.5 pe-3 text-start font-mono text-xs font-normal break-all">
                    {field}
                  </th>
                  <td className="py-1.5 pe-3 break-all">
                    <del className="rounded-sm bg-destructive-soft px-1 no-underline">{textOf(from)}</del>
                  </td>
                  <td className="py-1.5 break-all">
                    <ins className="rounded-sm bg-success-soft px-1 no-underline">{textOf(to)}</ins>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : null}
      {facts.length > 0 ? (
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
          {facts.map(([field, value]) => (
            <div key={field} className="col-span-2 grid grid-cols-subgrid">
              <dt className="font-mono text-xs leading-5 break-all text-muted-foreground">{field}</dt>
              <dd className="min-w-0 break-all whitespace-pre-wrap">{textOf(value)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </div>
  );
}

function isChange(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 2 && keys.includes("from") && keys.includes("to");
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ") || "–";
  return typeof value === "object" ? JSON.stringify(value, null, 1) : String(value);
}
