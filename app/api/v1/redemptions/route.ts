/** The hot path has an address of its own: Next finds it without trying the patterns of the others. */
export { DELETE, GET, OPTIONS, PATCH, POST, PUT } from "../[...path]/route";
export const dynamic = "force-dynamic";
