export { exportResponse } from "./exports";
export { PREFIX, type RestOptions, restHandler } from "./handler";
export { errorsOf, type OpenApiDocument, openApiDocument } from "./openapi";
export type { Operation, Words } from "./operation";
export { pickupHandler } from "./pickup";
export { type Problem, problemOf, problemResponse, type Reader } from "./problem";
export { RateLimit } from "./rate-limit";
export { operations } from "./registry";
