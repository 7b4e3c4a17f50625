export {
  allTenantIds,
  createTenant,
  findTenantId,
  loadTenant,
  type NewTenant,
  nextNumber,
  systemCtx,
} from "./tenant";
