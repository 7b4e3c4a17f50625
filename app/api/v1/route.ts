/** The address of the API itself: nothing is there, which is told as everywhere else. */
export { DELETE, GET, OPTIONS, PATCH, POST, PUT } from "./[...path]/route";
export const dynamic = "force-dynamic";
