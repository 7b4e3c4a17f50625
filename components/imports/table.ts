import { defineTable } from "@/components/data-table/definition";

export const importsTable = defineTable({ id: "imports", pageSize: 20 });
export const importsInput = ({ cursor, limit }: ReturnType<typeof importsTable.load>) => ({ cursor, limit });

/** Rejected lines shown on an import's page; all of them are in the download. */
export const REJECTS_SHOWN = 20;
