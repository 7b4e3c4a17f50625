"use client";

import { useTheme } from "next-themes";
import { useEffect } from "react";
import { Toaster as Sonner, toast } from "sonner";
import { takeToasts } from "./toast";

export default function ToasterPart() {
  const { resolvedTheme } = useTheme();
  useEffect(() => takeToasts(({ kind, message, options }) => toast[kind](message, options)), []);
  return (
    <Sonner
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-right"
      // above the bar of pages
      mobileOffset={{ bottom: "4.75rem" }}
      toastOptions={{
        style: {
          background: "var(--popover)",
          color: "var(--foreground)",
          border: "1px solid var(--border)",
        },
      }}
    />
  );
}
