import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { PortalShell } from "@/components/layout/portal-shell";
import { ViewerProvider } from "@/components/layout/viewer";
import { currentViewer } from "@/server/auth/viewer";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const viewer = await currentViewer();
  if (!viewer) redirect("/sign-in");
  return (
    <ViewerProvider viewer={viewer}>
      <PortalShell>{children}</PortalShell>
    </ViewerProvider>
  );
}
