import { apiReader } from "@/components/apiDocs/reader";
import { pickupHandler } from "@/server/rest";

export const dynamic = "force-dynamic";

export const POST = pickupHandler(apiReader);
/** Any other method is answered as the rest of the API answers it. */
export { DELETE, GET, OPTIONS, PATCH, PUT } from "../[...path]/route";
