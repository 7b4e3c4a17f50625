"use client";

import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { TRPCProvider } from "@/components/trpc";
import { Toaster } from "@/components/ui/toast";
import { ThemeProvider } from "./theme";

/** What every page needs, public or not. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return (
    <ThemeProvider nonce={nonce}>
      <NuqsAdapter>
        <TRPCProvider>{children}</TRPCProvider>
      </NuqsAdapter>
      <Toaster />
    </ThemeProvider>
  );
}
