export { TRPCProvider, useTRPC, useTRPCClient } from "./client";
