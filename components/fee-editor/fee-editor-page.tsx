"use client";

import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTRPC } from "@/components/trpc";
import { FeeEditor } from "./fee-editor";

/** The draft of a fee schedule, or a new one from what it says. */
export function FeeEditorPage({ id, from }: { id: string; from?: number }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { data: schedule } = useSuspenseQuery(trpc.fees.get.queryOptions({ id }));
  // The editor holds the draft from here on; what is remembered of the schedule is old when it is left.
  useEffect(() => () => client.removeQueries(trpc.fees.pathFilter()), [client, trpc]);
  return <FeeEditor key={schedule.id} schedule={schedule} from={from} />;
}
