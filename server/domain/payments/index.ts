export { type ChannelTerms, channelTerms } from "./channel-terms";
export { chooseChannel, tryRoute } from "./choose-channel";
export { channelFeeOf } from "./fee";
export { notifyUrlOf, portOf, sandboxEndpoint } from "./port-of";
export type { Considered, Routing } from "./route";
export { type Wallet, walletChannel, walletOf } from "./wallet";
