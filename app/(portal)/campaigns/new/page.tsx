import { CampaignForm } from "@/components/campaigns/campaign-form";

export default function Page() {
  return <CampaignForm />;
}
