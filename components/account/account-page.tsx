"use client";

import { useTranslations } from "next-intl";
import { PageFrame } from "@/components/ui/page-frame";
import { PasswordCard } from "./password-card";
import { ProfileCard } from "./profile-card";
import { SecondFactorCard } from "./second-factor-card";
import { SessionsCard } from "./sessions-card";

export function AccountPage() {
  const t = useTranslations("account");
  return (
    <PageFrame title={t("title")} width="narrow">
      <SecondFactorCard />
      <ProfileCard />
      <PasswordCard />
      <SessionsCard />
    </PageFrame>
  );
}
