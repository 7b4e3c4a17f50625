import { redirect } from "next/navigation";
import { SignInPage } from "@/components/auth/sign-in-page";
import { currentViewer } from "@/server/auth/viewer";

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[]; ended?: string }>;
}) {
  if (await currentViewer()) redirect("/");
  const { next, ended } = await searchParams;
  return <SignInPage next={typeof next === "string" ? next : undefined} ended={ended !== undefined} />;
}
