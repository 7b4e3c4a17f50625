import { defineTable } from "@/components/data-table/definition";

export const channelsTable = defineTable({ id: "channels", filters: {} });

/** The amount that "which channel?" begins with, in minor units. */
export const FIRST_TRY = 10_000n;
