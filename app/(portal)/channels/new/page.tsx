import { NewChannelPage } from "@/components/channels/channel-page";

export default function Page() {
  return <NewChannelPage />;
}
