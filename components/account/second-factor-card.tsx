"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck, ShieldOff } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { Instant } from "@/components/ui/instant";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import {
  beginSecondFactorInput,
  confirmSecondFactorInput,
  disableSecondFactorInput,
} from "@/server/domain/parties/schemas";
import { QrCode } from "./qr-code";

const FEW = 3;

export function SecondFactorCard() {
  const t = useTranslations("account.secondFactor");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const account = useQuery(trpc.account.get.queryOptions());
  const [step, setStep] = useState<"enrol" | "disable" | "renew" | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const factor = account.data?.secondFactor;
  const on = factor?.enabledAt != null;
  const reload = async () => {
    await queries.invalidateQueries();
    router.refresh(); // what the layout knows of the viewer has changed
  };
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          {t("title")}
          {factor ? (
            <Badge tone={on ? "success" : factor.demanded ? "warning" : "neutral"}>
              {on ? t("on") : t("off")}
            </Badge>
          ) : null}
        </span>
      }
      description={t("description")}
    >
      <ErrorAlert error={account.error} onRetry={account.refetch} />
      {factor ? (
        <div className="space-y-4">
          {!on && factor.demanded ? <Alert tone="warning">{t("demanded")}</Alert> : null}
          {factor.enabledAt ? (
            <>
              <p className="text-sm">
                {t.rich("since", { time: () => <Instant at={factor.enabledAt ?? new Date(0)} /> })} ·{" "}
                {t("codesLeft", { left: factor.recoveryCodesLeft, total: factor.recoveryCodes })}
              </p>
              {factor.recoveryCodesLeft < FEW ? <Alert tone="warning">{t("fewCodes")}</Alert> : null}
              <div className="flex flex-wrap gap-2">
                <Button variant="outline" onClick={() => setStep("renew")}>
                  {t("renew")}
                </Button>
                {factor.demanded ? null : (
                  <Button
                    variant="outline"
                    icon={<ShieldOff aria-hidden />}
                    onClick={() => setStep("disable")}
                  >
                    {t("disable")}
                  </Button>
                )}
              </div>
            </>
          ) : (
            <Button icon={<ShieldCheck aria-hidden />} onClick={() => setStep("enrol")}>
              {t("enable")}
            </Button>
          )}
        </div>
      ) : account.isPending ? (
        <Skeleton className="h-16" />
      ) : null}
      {step === "enrol" ? (
        <EnrolDialog
          onClose={() => setStep(null)}
          onDone={(made) => {
            setStep(null);
            setCodes(made);
          }}
        />
      ) : null}
      {step === "disable" || step === "renew" ? (
        <ProofDialog
          kind={step}
          onClose={() => setStep(null)}
          onDone={async (made) => {
            setStep(null);
            if (made) {
              setCodes(made);
            } else {
              toast.success(t("disabled"));
              await reload();
            }
          }}
        />
      ) : null}
      {codes ? (
        <CodesDialog
          codes={codes}
          onClose={async () => {
            setCodes(null);
            if (!on) toast.success(t("enabled"));
            await reload();
          }}
        />
      ) : null}
    </Card>
  );
}

function EnrolDialog({ onClose, onDone }: { onClose: () => void; onDone: (codes: string[]) => void }) {
  const t = useTranslations("account.secondFactor");
  const trpc = useTRPC();
  const begin = useMutation(trpc.account.beginSecondFactor.mutationOptions());
  const confirm = useMutation(trpc.account.confirmSecondFactor.mutationOptions());
  const password = useZodForm(beginSecondFactorInput, { defaultValues: { password: "" } });
  const code = useZodForm(confirmSecondFactorInput, { defaultValues: { code: "" } });
  const secret = begin.data;
  const close = (open: boolean) => {
    if (!open) onClose();
  };
  if (!secret) {
    return (
      <Dialog open onOpenChange={close} sticky size="sm" title={t("enable")} description={t("provePassword")}>
        <Form
          form={password}
          onSubmit={async (input) => {
            await begin.mutateAsync(input);
          }}
          footer={
            <Button type="submit" loading={password.formState.isSubmitting}>
              {t("continue")}
            </Button>
          }
        >
          <FormField name="password" label={t("password")}>
            <Input
              type="password"
              autoComplete="current-password"
              autoFocus
              {...password.register("password")}
            />
          </FormField>
        </Form>
      </Dialog>
    );
  }
  return (
    <Dialog open onOpenChange={close} sticky title={t("scanTitle")} description={t("scan")}>
      <Form
        form={code}
        onSubmit={async (input) => onDone((await confirm.mutateAsync(input)).recoveryCodes)}
        footer={
          <Button type="submit" loading={code.formState.isSubmitting}>
            {t("confirm")}
          </Button>
        }
      >
        <QrCode
          text={secret.uri}
          label={t("qrLabel")}
          className="mx-auto size-56 rounded-lg border border-border"
        />
        <div className="text-center text-xs text-muted-foreground">
          <p>{t("manual")}</p>
          <p className="flex items-center justify-center gap-1">
            <code className="figure font-mono break-all text-foreground">
              {secret.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}
            </code>
            <CopyButton value={secret.secret} />
          </p>
        </div>
        <FormField name="code" label={t("code")}>
          <Input
            autoComplete="one-time-code"
            inputMode="numeric"
            size="lg"
            className="figure text-center tracking-[0.3em]"
            {...code.register("code")}
          />
        </FormField>
      </Form>
    </Dialog>
  );
}

function ProofDialog({
  kind,
  onClose,
  onDone,
}: {
  kind: "disable" | "renew";
  onClose: () => void;
  onDone: (codes: string[] | null) => unknown;
}) {
  const t = useTranslations("account.secondFactor");
  const trpc = useTRPC();
  const disable = useMutation(trpc.account.disableSecondFactor.mutationOptions());
  const renew = useMutation(trpc.account.renewRecoveryCodes.mutationOptions());
  const form = useZodForm(disableSecondFactorInput, { defaultValues: { password: "", code: "" } });
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      sticky
      size="sm"
      title={t(`${kind}Title`)}
      description={t(`${kind}Description`)}
    >
      <Form
        form={form}
        onSubmit={async (input) => {
          if (kind === "renew") return void (await onDone((await renew.mutateAsync(input)).recoveryCodes));
          await disable.mutateAsync(input);
          await onDone(null);
        }}
        footer={
          <Button
            type="submit"
            variant={kind === "disable" ? "danger" : "primary"}
            loading={form.formState.isSubmitting}
          >
            {t(kind)}
          </Button>
        }
      >
        <FormField name="password" label={t("password")}>
          <Input type="password" autoComplete="current-password" autoFocus {...form.register("password")} />
        </FormField>
        <FormField name="code" label={t("anyCode")}>
          <Input autoComplete="one-time-code" className="figure" {...form.register("code")} />
        </FormField>
      </Form>
    </Dialog>
  );
}

function CodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const t = useTranslations("account.secondFactor");
  const text = codes.join("\n");
  return (
    <Dialog
      open
      sticky
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("codesTitle")}
      description={t("codes")}
      footer={<Button onClick={onClose}>{t("codesSaved")}</Button>}
    >
      <ol className="grid grid-cols-2 gap-x-6 gap-y-1.5 rounded-lg border border-border bg-muted p-4 font-mono text-sm">
        {codes.map((code) => (
          <li key={code} className="figure">
            {code}
          </li>
        ))}
      </ol>
      <div className="mt-3 flex flex-wrap gap-2">
        <CopyButton value={text} label={t("codesTitle")} />
        <a
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
          download={`${t("codesFile")}.txt`}
          className="inline-flex h-8 items-center text-xs text-primary underline-offset-4 hover:underline"
        >
          {t("downloadCodes")}
        </a>
      </div>
    </Dialog>
  );
}
