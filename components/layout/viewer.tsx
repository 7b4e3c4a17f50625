"use client";

import { createContext, type ReactNode, use } from "react";
import type { Viewer } from "@/server/auth/viewer";
import { can, type Permission } from "@/server/core/permissions";

const ViewerContext = createContext<Viewer | null>(null);

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>;
}

/** Who is signed in. Only inside the portal; public pages have none (`useOptionalViewer`). */
export function useViewer(): Viewer {
  const viewer = use(ViewerContext);
  if (!viewer) throw new Error("useViewer outside of the portal");
  return viewer;
}

export function useOptionalViewer(): Viewer | null {
  return use(ViewerContext);
}

/** Whether to show what needs a permission. The server decides again. */
export function useCan(): (permission: Permission) => boolean {
  const { role } = useViewer();
  return (permission) => can(role, permission);
}
