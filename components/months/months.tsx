"use client";

import { useQuery } from "@tanstack/react-query";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { type Month, MonthCard } from "./month-card";

/** The months of one's own party that fee schedules count; nothing where none applies. */
export function OwnMonths() {
  const trpc = useTRPC();
  const can = useCan();
  const { data } = useQuery(trpc.fees.progress.queryOptions(undefined, { enabled: can("terms:read") }));
  return <Months months={data} own />;
}

/** The same of a party, for the house's people. */
export function PartyMonths({ partyId }: { partyId: string }) {
  const trpc = useTRPC();
  const can = useCan();
  const { data } = useQuery(trpc.fees.progressOf.queryOptions({ partyId }, { enabled: can("rule:read") }));
  return <Months months={data} own={false} />;
}

function Months({ months, own }: { months: readonly Month[] | undefined; own: boolean }) {
  if (!months || months.length === 0) return null;
  return (
    <div className="space-y-4">
      {months.map((month) => (
        <MonthCard key={`${month.schedule.scheduleId}/${month.leg}`} month={month} own={own} />
      ))}
    </div>
  );
}
