export * from "./audit";
export * from "./clearing";
export * from "./ledger";
export * from "./parties";
export * from "./settlement";
export * from "./types";
export * from "./vouchers";
