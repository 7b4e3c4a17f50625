export { type Channel, getChannel, listChannels } from "./channel-queries";
export { type ChannelTerms, channelTerms } from "./channel-terms";
export { createChannel, setChannelEnabled, updateChannel } from "./channels";
export { chooseChannel, tryRoute } from "./choose-channel";
export { setCreditLimit } from "./credit-limit";
export { notifyUrlOf, portOf, sandboxEndpoint } from "./port-of";
export type { Considered, Routing } from "./route";
export { bankTransferRef, topUpWallet } from "./top-up";
export { type Wallet, walletChannel, walletOf } from "./wallet";
export {
  getWallet,
  listWallets,
  type WalletDetail,
  type WalletMovement,
  type WalletRow,
  walletMovements,
} from "./wallet-queries";
