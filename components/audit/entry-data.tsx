"use client";

import { useTranslations } from "next-intl";

/** What an entry holds: changes as before and after, the rest as name and value. */
export function EntryData({ data }: { data: Record<string, unknown> }) {
  const t = useTranslations("audit.detail");
  const entries = Object.entries(data);
  const changes = entries.flatMap(([field, value]) => (isChange(value) ? differences(field, value) : []));
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
            {changes.map(({ field, from, to }) => (
              <tr key={field} className="border-b border-border align-top last:border-0">
                <th scope="row" className="py-1.5 pe-3 text-start font-mono text-xs leading-5 font-normal">
                  {field}
                </th>
                <td className="py-1.5 pe-3 break-all">
                  <del className="rounded-sm bg-destructive-soft px-1 no-underline">{textOf(from)}</del>
                </td>
                <td className="py-1.5 break-all">
                  <ins className="rounded-sm bg-success-soft px-1 no-underline">{textOf(to)}</ins>
                </td>
              </tr>
            ))}
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

interface Change {
  from: unknown;
  to: unknown;
}

function isChange(value: unknown): value is Change {
  return isRecord(value) && Object.keys(value).length === 2 && "from" in value && "to" in value;
}

/** A change of a record is shown by what differs within it. */
function differences(field: string, { from, to }: Change): (Change & { field: string })[] {
  if (!isRecord(from) || !isRecord(to)) return [{ field, from, to }];
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names
    .filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
    .flatMap((name) => differences(`${field}.${name}`, { from: from[name], to: to[name] }));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ") || "–";
  return typeof value === "object" ? JSON.stringify(value, null, 1) : String(value);
}
