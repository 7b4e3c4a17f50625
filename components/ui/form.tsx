"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useTranslations } from "next-intl";
import {
  createContext,
  type FormEvent,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import {
  type DefaultValues,
  type FieldErrors,
  type FieldPath,
  type FieldValues,
  FormProvider,
  type SubmitHandler,
  type UseFormProps,
  type UseFormReturn,
  useForm,
  useFormContext,
  useFormState,
} from "react-hook-form";
import type { z } from "zod";
import { ErrorAlert } from "./error-alert";
import { isErrorCode, readError, useErrorText } from "./error-message";
import { Field, type FieldProps } from "./field";
import { useZodMessages } from "./zod-messages";

/** A form over a zod schema (a module's `schemas.ts`), its messages in the reader's language. */
export function useZodForm<Input extends FieldValues, Output extends FieldValues>(
  schema: z.ZodType<Output, Input>,
  options: Omit<UseFormProps<Input, unknown, Output>, "resolver" | "defaultValues"> & {
    defaultValues: DefaultValues<Input>;
  },
): UseFormReturn<Input, unknown, Output> {
  const error = useZodMessages();
  return useForm<Input, unknown, Output>({
    // Not on blur: a message that appears as the mouse goes down moves the button away from under it.
    mode: "onSubmit",
    reValidateMode: "onChange",
    shouldFocusError: false,
    ...options,
    resolver: zodResolver(schema, { error }),
  });
}

interface FormWiring {
  idOf: (name: string) => string;
  register: (name: string, label: ReactNode) => () => void;
}

const FormContext = createContext<FormWiring | null>(null);

export interface FormProps<Input extends FieldValues, Output extends FieldValues> {
  form: UseFormReturn<Input, unknown, Output>;
  /** May throw: the failure is shown above the buttons, and problems of fields at the fields. */
  onSubmit: SubmitHandler<Output>;
  /** Buttons. */
  footer?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** The frame of all forms: submit once, sum up what is wrong, show what the server said. */
export function Form<Input extends FieldValues, Output extends FieldValues>({
  form,
  onSubmit,
  footer,
  className,
  children,
}: FormProps<Input, Output>) {
  const formId = useId();
  const labels = useRef(new Map<string, ReactNode>());
  const summary = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempts, setAttempts] = useState(0);
  const wiring = useMemo<FormWiring>(
    () => ({
      idOf: (name) => `${formId}-${name}`,
      register: (name, label) => {
        labels.current.set(name, label);
        return () => labels.current.delete(name);
      },
    }),
    [formId],
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation(); // a form in a dialog is not a part of the form around the dialog
    if (form.formState.isSubmitting) return;
    setFailure(null);
    await form.handleSubmit(
      async (values) => {
        try {
          await onSubmit(values);
        } catch (error) {
          for (const issue of readError(error).issues) {
            if (labels.current.has(issue.path)) {
              form.setError(issue.path as FieldPath<Input>, { type: "server", message: issue.message });
            }
          }
          setFailure(error);
          setAttempts((n) => n + 1);
        }
      },
      () => setAttempts((n) => n + 1),
    )(event);
  };
  useEffect(() => {
    if (attempts > 0) summary.current?.focus();
  }, [attempts]);
  return (
    <FormProvider {...form}>
      <FormContext value={wiring}>
        <form noValidate onSubmit={submit} className={className ?? "space-y-4"}>
          <div ref={summary} tabIndex={-1} className="space-y-3 outline-none empty:hidden">
            {attempts > 0 ? <ErrorSummary labels={labels.current} /> : null}
            {failure ? <ErrorAlert error={failure} /> : null}
          </div>
          {children}
          {footer ? <div className="flex flex-wrap items-center justify-end gap-2 pt-1">{footer}</div> : null}
        </form>
      </FormContext>
    </FormProvider>
  );
}

export interface FormFieldProps extends Omit<FieldProps, "error" | "id"> {
  /** Path in the form's values. */
  name: string;
}

/** A `Field` that knows its error: `<FormField name="email" label="…"><Input {...form.register("email")} /></FormField>`. */
export function FormField({ name, label, children, ...field }: FormFieldProps) {
  const wiring = use(FormContext);
  if (!wiring) throw new Error("FormField outside of Form");
  const { control } = useFormContext();
  const { errors } = useFormState({ control, name });
  const messageOf = useFieldMessage();
  const { register, idOf } = wiring;
  useEffect(() => register(name, label), [register, name, label]);
  return (
    <Field {...field} id={idOf(name)} label={label} error={messageOf(errorAt(errors, name))}>
      {children}
    </Field>
  );
}

function ErrorSummary({ labels }: { labels: ReadonlyMap<string, ReactNode> }) {
  const t = useTranslations("common.form");
  const wiring = use(FormContext);
  const { errors, isSubmitSuccessful } = useFormState();
  const messageOf = useFieldMessage();
  const wrong = flatten(errors);
  if (wrong.length === 0 || isSubmitSuccessful || !wiring) return null;
  return (
    <div role="alert" className="rounded-lg border border-destructive/35 bg-destructive-soft p-3.5 text-sm">
      <p className="font-semibold">{t("summary", { count: wrong.length })}</p>
      <ul className="mt-1 list-disc space-y-0.5 ps-5">
        {wrong.map(({ name, message }) => {
          const label = labels.get(name);
          const text = (
            <>
              {label ? <>{label}: </> : null}
              {messageOf(message)}
            </>
          );
          return (
            <li key={name}>
              {label ? (
                <a
                  href={`#${wiring.idOf(name)}`}
                  className="underline underline-offset-2"
                  onClick={(event) => {
                    event.preventDefault();
                    document.getElementById(wiring.idOf(name))?.focus();
                  }}
                >
                  {text}
                </a>
              ) : (
                text
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** A schema's message may be an error code (`refine(…, "AMOUNT_INVALID")`): its sentence is in the dictionary. */
function useFieldMessage(): (message: string | undefined) => string | undefined {
  const errorText = useErrorText();
  return useCallback((message) => (isErrorCode(message) ? errorText(message) : message), [errorText]);
}

function errorAt(errors: FieldErrors, name: string): string | undefined {
  let node: unknown = errors;
  for (const step of name.split(".")) {
    node = typeof node === "object" && node !== null ? (node as Record<string, unknown>)[step] : undefined;
  }
  return messageIn(node) ?? messageIn((node as { root?: unknown } | undefined)?.root);
}

function messageIn(node: unknown): string | undefined {
  const message =
    typeof node === "object" && node !== null ? (node as { message?: unknown }).message : undefined;
  return typeof message === "string" && message !== "" ? message : undefined;
}

function flatten(node: unknown, path: readonly string[] = []): { name: string; message: string }[] {
  if (typeof node !== "object" || node === null) return [];
  const message = messageIn(node);
  if (message !== undefined && "type" in node) {
    return [{ name: path.filter((step) => step !== "root").join("."), message }];
  }
  return Object.entries(node).flatMap(([key, child]) =>
    key === "ref" ? [] : flatten(child, [...path, key]),
  );
}
