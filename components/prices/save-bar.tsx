"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { ErrorAlert } from "@/components/ui/error-alert";

/** Stays in sight while something is typed and not saved. */
export function SaveBar({
  text,
  save,
  discard,
  onSave,
  onDiscard,
  saving,
  disabled,
  error,
}: {
  text: ReactNode;
  save: string;
  discard: string;
  onSave: () => void;
  onDiscard: () => void;
  saving: boolean;
  disabled?: boolean;
  error: unknown;
}) {
  return (
    <div className="sticky bottom-2 z-20 space-y-2 rounded-lg border border-border bg-card p-3 shadow-pop max-md:bottom-18">
      {error ? <ErrorAlert error={error} /> : null}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span role="status" className="text-sm">
          {text}
        </span>
        <span className="flex gap-2">
          <Button variant="outline" onClick={onDiscard} disabled={saving}>
            {discard}
          </Button>
          <Button onClick={onSave} loading={saving} disabled={disabled}>
            {save}
          </Button>
        </span>
      </div>
    </div>
  );
}
