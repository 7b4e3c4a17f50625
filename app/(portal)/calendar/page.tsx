import { CalendarPage } from "@/components/calendar/calendar-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page() {
  await prefetch(trpc.calendar.years.queryOptions());
  return (
    <HydrateClient>
      <CalendarPage />
    </HydrateClient>
  );
}
