import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { SignInPage } from "@/components/auth/sign-in-page";
import { LOCALE_COOKIE } from "@/components/i18n/config";
import { currentViewer } from "@/server/auth/viewer";

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[]; ended?: string }>;
}) {
  if (await currentViewer()) redirect("/");
  const { next, ended } = await searchParams;
  const jar = await cookies();
  return (
    <SignInPage
      next={typeof next === "string" ? next : undefined}
      ended={ended !== undefined}
      hasLanguage={jar.has(LOCALE_COOKIE)}
    />
  );
}
