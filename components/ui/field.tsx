"use client";

import { useTranslations } from "next-intl";
import {
  type ComponentProps,
  createContext,
  type ReactNode,
  use,
  useId,
  useLayoutEffect,
  useState,
} from "react";
import { cn } from "./cn";

interface FieldWiring {
  id: string;
  describedBy: string | undefined;
  labelId: string;
  invalid: boolean;
  required: boolean;
  setUnread: (unread: boolean) => void;
}

const FieldContext = createContext<FieldWiring | null>(null);

/** The attributes that tie a control to the `Field` around it; own props win. */
export function useFieldControl(own: {
  id?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: ComponentProps<"input">["aria-invalid"];
}) {
  const field = use(FieldContext);
  const describedBy = [own["aria-describedby"], field?.describedBy].filter(Boolean).join(" ") || undefined;
  return {
    id: own.id ?? field?.id,
    "aria-describedby": describedBy,
    "aria-invalid": own["aria-invalid"] ?? (field?.invalid ? true : undefined),
    "aria-required": field?.required ? true : undefined,
  } as const;
}

/** For a control that says itself what it could not read: the field's own error ("fill this in") would gainsay it. */
export function useUnread(unread: boolean): void {
  const setUnread = use(FieldContext)?.setUnread;
  useLayoutEffect(() => {
    setUnread?.(unread);
    return () => setUnread?.(false);
  }, [setUnread, unread]);
}

/** The id of the label around a control that is no input element (a group, a picker's button). */
export function useFieldLabelId(): string | undefined {
  return use(FieldContext)?.labelId;
}

export interface FieldProps {
  label: ReactNode;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
  hint?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  /** Says "optional" beside the label. */
  optional?: boolean;
  /** A set of controls (radio buttons, checkboxes) under one legend. */
  group?: boolean;
  id?: string;
  className?: string;
  children: ReactNode;
}

export function Field({
  label,
  hideLabel,
  hint,
  error: found,
  required = false,
  optional,
  group,
  id,
  className,
  children,
}: FieldProps) {
  const t = useTranslations("common.states");
  const made = useId();
  const [unread, setUnread] = useState(false);
  const error = unread ? null : found;
  const controlId = id ?? made;
  const hintId = `${controlId}-hint`;
  const errorId = `${controlId}-error`;
  const labelId = `${controlId}-label`;
  const describedBy = [error ? errorId : null, hint ? hintId : null].filter(Boolean).join(" ") || undefined;
  const caption = (
    <>
      {label}
      {required ? (
        <span aria-hidden className="ms-0.5 text-destructive">
          *
        </span>
      ) : null}
      {optional ? (
        <span className="ms-1.5 text-xs font-normal text-muted-foreground">{t("optional")}</span>
      ) : null}
    </>
  );
  const labelClass = cn("text-sm font-medium text-foreground", hideLabel && "sr-only");
  const below = (
    <>
      {hint ? (
        <div id={hintId} className="text-xs text-muted-foreground">
          {hint}
        </div>
      ) : null}
      {error ? (
        <div id={errorId} className="text-xs font-medium text-destructive">
          {error}
        </div>
      ) : null}
    </>
  );
  return (
    <FieldContext
      value={{ id: controlId, describedBy, labelId, invalid: Boolean(found), required, setUnread }}
    >
      {group ? (
        <fieldset
          id={controlId}
          tabIndex={-1}
          aria-describedby={describedBy}
          className={cn("min-w-0 space-y-1.5", className)}
        >
          <legend id={labelId} className={labelClass}>
            {caption}
          </legend>
          <GroupBoundary>{children}</GroupBoundary>
          {below}
        </fieldset>
      ) : (
        <div className={cn("min-w-0 space-y-1.5", className)}>
          <label id={labelId} htmlFor={controlId} className={cn("block", labelClass)}>
            {caption}
          </label>
          {children}
          {below}
        </div>
      )}
    </FieldContext>
  );
}

/** The controls of a group have ids and labels of their own. */
function GroupBoundary({ children }: { children: ReactNode }) {
  return <FieldContext value={null}>{children}</FieldContext>;
}
