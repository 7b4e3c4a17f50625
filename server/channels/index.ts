export { BILL_FORMATS, type BillFormat, type CallbackHeaders, type ChannelPort } from "./port";
export { type SandboxAccount, sandboxPort } from "./sandbox";
