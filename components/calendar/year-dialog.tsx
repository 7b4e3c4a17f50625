"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Controller } from "react-hook-form";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { RadioGroup } from "@/components/ui/radio-group";
import { toast } from "@/components/ui/toast";
import { addYearInput } from "@/server/domain/calendar/edit-schemas";

/** Adds a year: by the announced holidays where there are some, else the plain week. */
export function YearDialog({
  next,
  published,
  onClose,
  onAdded,
}: {
  /** The first year without data. */
  next: number;
  published: readonly number[];
  onClose: () => void;
  onAdded: (year: number) => void;
}) {
  const t = useTranslations("calendar.addYear");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const add = useMutation(trpc.calendar.addYear.mutationOptions());
  const form = useZodForm(addYearInput, {
    defaultValues: { year: next, from: published.includes(next) ? "chinese-days" : "plain" },
  });
  return (
    <Dialog
      open
      sticky
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("title")}
      description={t("description")}
    >
      <Form
        form={form}
        onSubmit={async (input) => {
          await add.mutateAsync(input);
          await queries.invalidateQueries({ queryKey: trpc.calendar.pathKey() });
          toast.success(t("done", { year: String(input.year) }));
          onAdded(input.year);
          onClose();
        }}
        footer={
          <Button type="submit" loading={form.formState.isSubmitting}>
            {t("submit")}
          </Button>
        }
      >
        <FormField name="year" label={t("year")} required>
          <Input
            type="number"
            inputMode="numeric"
            min={2000}
            max={2100}
            {...form.register("year", { valueAsNumber: true })}
          />
        </FormField>
        <FormField name="from" label={t("from")} group>
          <Controller
            control={form.control}
            name="from"
            render={({ field }) => (
              <RadioGroup
                value={field.value}
                onValueChange={field.onChange}
                options={[
                  {
                    value: "chinese-days",
                    label: t("published"),
                    hint: published.length > 0 ? published.join(", ") : t("none"),
                    disabled: published.length === 0,
                  },
                  { value: "plain", label: t("plain") },
                ]}
              />
            )}
          />
        </FormField>
      </Form>
    </Dialog>
  );
}
