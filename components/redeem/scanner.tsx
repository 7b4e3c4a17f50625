"use client";

import { Flashlight, SwitchCamera } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button, IconButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Spinner } from "@/components/ui/spinner";

type Problem = "insecure" | "denied" | "none" | "busy" | "decoder";

/** The camera over the page. Whatever fails, it says why, and typing goes on working. */
export function Scanner(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onFound: (text: string) => void;
}) {
  const t = useTranslations("redeem.scanner");
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={t("title")}
      footer={
        <Button variant="outline" size="lg" className="w-full" onClick={() => props.onOpenChange(false)}>
          {t("type")}
        </Button>
      }
    >
      {props.open ? <Camera onFound={props.onFound} /> : null}
    </Dialog>
  );
}

/** Pictures looked at in a second: fast enough for a hand, easy on a phone's battery. */
const EVERY_MS = 120;

function Camera({ onFound }: { onFound: (text: string) => void }) {
  const t = useTranslations("redeem.scanner");
  const video = useRef<HTMLVideoElement>(null);
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [ready, setReady] = useState(false);
  const [cameras, setCameras] = useState<readonly string[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);

  useEffect(() => {
    let closed = false;
    let opened: MediaStream | null = null;
    const open = async () => {
      if (!navigator.mediaDevices?.getUserMedia) {
        setProblem(window.isSecureContext ? "none" : "insecure");
        return;
      }
      try {
        opened = await navigator.mediaDevices.getUserMedia({
          audio: false,
          video: {
            ...(chosen ? { deviceId: { exact: chosen } } : { facingMode: { ideal: "environment" } }),
            width: { ideal: 1280 },
            height: { ideal: 720 },
          },
        });
        if (closed) return stop(opened);
        setStream(opened);
        const devices = await navigator.mediaDevices.enumerateDevices();
        if (!closed) setCameras(devices.filter((d) => d.kind === "videoinput").map((d) => d.deviceId));
      } catch (error) {
        if (!closed) setProblem(problemOf(error));
      }
    };
    void open();
    return () => {
      closed = true;
      stop(opened);
      setStream(null);
    };
  }, [chosen]);

  const found = useRef(onFound);
  useEffect(() => {
    found.current = onFound;
  }, [onFound]);

  useEffect(() => {
    const picture = video.current;
    if (!stream || !picture) return;
    let closed = false;
    const look = async () => {
      picture.srcObject = stream;
      await picture.play().catch(() => {}); // a stream that is replaced at once interrupts it
      let decode: (video: HTMLVideoElement) => Promise<string | null>;
      try {
        const { loadDecoder } = await import("./decoder");
        decode = await loadDecoder();
      } catch {
        if (!closed) setProblem("decoder");
        return;
      }
      if (!closed) setReady(true);
      while (!closed) {
        const text = picture.readyState >= 2 ? await decode(picture).catch(() => null) : null;
        if (closed) return;
        if (text) {
          navigator.vibrate?.(60);
          found.current(text);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      }
    };
    void look();
    return () => {
      closed = true;
      picture.srcObject = null;
    };
  }, [stream]);

  const next = useCallback(() => {
    const current = stream?.getVideoTracks()[0]?.getSettings().deviceId;
    const at = cameras.findIndex((id) => id === (chosen ?? current));
    setReady(false);
    setChosen(cameras[(at + 1) % cameras.length] ?? null);
  }, [cameras, chosen, stream]);

  if (problem) return <Alert tone="warning">{t(`problems.${problem}`)}</Alert>;
  return (
    <div className="space-y-3">
      <div className="relative aspect-[4/5] max-h-[60dvh] w-full overflow-hidden rounded-lg bg-black sm:aspect-video">
        <video ref={video} muted playsInline className="size-full object-cover" aria-label={t("title")} />
        {ready ? (
          <div
            aria-hidden
            className="pointer-events-none absolute inset-[14%] rounded-xl border-2 border-white/85 shadow-[0_0_0_100vmax_rgb(0_0_0/0.35)]"
          />
        ) : (
          <div className="absolute inset-0 grid place-items-center text-sm text-white">
            <span className="flex items-center gap-2">
              <Spinner />
              {t("starting")}
            </span>
          </div>
        )}
      </div>
      <div className="flex items-center justify-between gap-3">
        <p className="text-sm text-muted-foreground">{t("hint")}</p>
        <span className="flex gap-1">
          {stream ? <Torch stream={stream} /> : null}
          {cameras.length > 1 ? (
            <IconButton label={t("switch")} variant="outline" onClick={next}>
              <SwitchCamera aria-hidden />
            </IconButton>
          ) : null}
        </span>
      </div>
    </div>
  );
}

/** Only where the camera has one. */
function Torch({ stream }: { stream: MediaStream }) {
  const t = useTranslations("redeem.scanner");
  const [lit, setLit] = useState(false);
  const track = stream.getVideoTracks()[0];
  const capabilities = track?.getCapabilities?.() as { torch?: boolean } | undefined;
  if (!track || !capabilities?.torch) return null;
  const toggle = async () => {
    await track.applyConstraints({ advanced: [{ torch: !lit } as MediaTrackConstraintSet] });
    setLit(!lit);
  };
  return (
    <IconButton
      label={t("torch")}
      aria-pressed={lit}
      variant={lit ? "primary" : "outline"}
      onClick={() => void toggle().catch(() => setLit(false))}
    >
      <Flashlight aria-hidden />
    </IconButton>
  );
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function problemOf(error: unknown): Problem {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "none";
}
