export { BILL_FORMATS, type BillFormat, type CallbackHeaders, type ChannelPort } from "./port";
export { type SandboxAccount, type SandboxFee, sandboxPort } from "./sandbox";
