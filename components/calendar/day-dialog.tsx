"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Controller } from "react-hook-form";
import { z } from "zod";
import { useFormat } from "@/components/format/use-format";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DateInput } from "@/components/ui/date-input";
import { Dialog } from "@/components/ui/dialog";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { RadioGroup } from "@/components/ui/radio-group";
import { toast } from "@/components/ui/toast";
import type { YearDay } from "@/server/domain/calendar";
import { saveDayInput } from "@/server/domain/calendar/edit-schemas";

const shape = z.object({
  day: saveDayInput.shape.day,
  working: z.enum(["yes", "no"]),
  name: saveDayInput.shape.name,
});

/** Makes a day a holiday or a working day, or plain again. */
export function DayDialog({
  day,
  entry,
  onClose,
}: {
  day: string;
  /** What the day is now, if it is special. */
  entry: YearDay | undefined;
  onClose: () => void;
}) {
  const t = useTranslations("calendar.day");
  const format = useFormat();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const save = useMutation(trpc.calendar.saveDay.mutationOptions());
  const remove = useMutation(trpc.calendar.removeDay.mutationOptions());
  const weekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
  const form = useZodForm(shape, {
    defaultValues: {
      day,
      working: entry ? (entry.working ? "yes" : "no") : weekend ? "yes" : "no",
      name: entry?.name ?? "",
    },
  });
  const changed = () => queries.invalidateQueries({ queryKey: trpc.calendar.pathKey() });
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
        onSubmit={async ({ working, ...input }) => {
          await save.mutateAsync({ ...input, working: working === "yes" });
          await changed();
          toast.success(t("saved", { day: format.day(input.day) }));
          onClose();
        }}
        footer={
          <>
            {entry ? (
              <Button variant="outline" onClick={() => setRemoving(true)}>
                {t("remove")}
              </Button>
            ) : null}
            <Button type="submit" loading={form.formState.isSubmitting}>
              {t("save")}
            </Button>
          </>
        }
      >
        <FormField name="day" label={t("date")} required>
          <Controller
            control={form.control}
            name="day"
            render={({ field }) => (
              <DateInput
                value={field.value || null}
                onValueChange={(value) => field.onChange(value ?? "")}
                onBlur={field.onBlur}
                disabled={entry !== undefined}
              />
            )}
          />
        </FormField>
        <FormField name="working" label={t("working")} group>
          <Controller
            control={form.control}
            name="working"
            render={({ field }) => (
              <RadioGroup
                look="inline"
                value={field.value}
                onValueChange={field.onChange}
                options={[
                  { value: "no", label: t("no") },
                  { value: "yes", label: t("yes") },
                ]}
              />
            )}
          />
        </FormField>
        <FormField name="name" label={t("name")} required>
          <Input maxLength={60} {...form.register("name")} />
        </FormField>
      </Form>
      {removing ? (
        <ConfirmDialog
          open
          onOpenChange={setRemoving}
          title={t("removeTitle", { day: format.day(day) })}
          description={t("removeDescription")}
          confirmLabel={t("remove")}
          onConfirm={async () => {
            await remove.mutateAsync({ day });
            await changed();
            toast.success(t("removed", { day: format.day(day) }));
            onClose();
          }}
        />
      ) : null}
    </Dialog>
  );
}
