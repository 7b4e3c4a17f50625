import { anyText, defineTable, oneOf } from "@/components/data-table/definition";
import { ROLES } from "@/server/core/permissions";

export const usersTable = defineTable({
  id: "users",
  filters: { role: oneOf(ROLES), status: oneOf(["active", "suspended"]), partyId: anyText() },
  sorts: ["name", "email", "createdAt"],
  defaultSort: { by: "name", direction: "asc" },
});

type Query = ReturnType<typeof usersTable.load>;

export function usersInput({ filters, from: _, to: __, ...query }: Query) {
  return { ...query, ...filters };
}

export const invitationsTable = defineTable({ id: "invitations" });
