"use client";

import { FileUp } from "lucide-react";
import { type DragEvent, useId, useRef, useState } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { ErrorAlert } from "./error-alert";
import { Progress } from "./progress";

export interface FileUploadProps<Answer> {
  /** Names the area. */
  label: string;
  choose: string;
  hint: string;
  /** Instead of the hint while a file is held over it. */
  drop: string;
  uploading: (name: string) => string;
  /** What the file dialog offers, e.g. ".csv,.txt". */
  accept: string;
  /** Where the file goes; its body is the file, as it is. */
  address: (file: File) => string;
  contentType: string;
  /** What the server answered (201). */
  onStored: (answer: Answer) => void;
  /** Tells an answer from what else might come. */
  isAnswer: (answer: unknown) => answer is Answer;
}

/** Sends a chosen or dropped file as it is read, and tells how far it is. */
export function FileUpload<Answer>(props: FileUploadProps<Answer>) {
  const input = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const [sending, setSending] = useState<{ name: string; sent: number; size: number } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [over, setOver] = useState(false);

  const send = async (file: File | undefined) => {
    if (!file || sending) return;
    setError(null);
    setSending({ name: file.name, sent: 0, size: file.size });
    try {
      props.onStored(
        await upload(file, props, (sent) => setSending({ name: file.name, sent, size: file.size })),
      );
    } catch (failure) {
      setError(failure);
    } finally {
      setSending(null);
      if (input.current) input.current.value = "";
    }
  };
  const drag = (inside: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(inside);
  };

  return (
    <div className="space-y-3">
      <ErrorAlert error={error} />
      <fieldset
        aria-label={props.label}
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={(event) => {
          drag(false)(event);
          void send(event.dataTransfer.files[0]);
        }}
        className={cn(
          "flex flex-col items-center gap-3 rounded-lg border border-dashed border-input px-4 py-8 text-center",
          over && "border-primary bg-primary-soft",
        )}
      >
        {sending ? (
          <Progress
            className="w-full max-w-md"
            label={props.uploading(sending.name)}
            value={sending.sent}
            max={sending.size}
          />
        ) : (
          <>
            <input
              ref={input}
              type="file"
              accept={props.accept}
              className="sr-only"
              tabIndex={-1}
              aria-label={props.choose}
              aria-describedby={hintId}
              onChange={(event) => void send(event.target.files?.[0])}
            />
            <Button icon={<FileUp />} onClick={() => input.current?.click()} aria-describedby={hintId}>
              {props.choose}
            </Button>
            <p id={hintId} className="max-w-xl text-sm text-muted-foreground">
              {over ? props.drop : props.hint}
            </p>
          </>
        )}
      </fieldset>
    </div>
  );
}

/** XMLHttpRequest, because fetch does not tell how much was sent. */
function upload<Answer>(
  file: File,
  { address, contentType, isAnswer }: FileUploadProps<Answer>,
  onProgress: (sent: number) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address(file));
    request.setRequestHeader("content-type", contentType);
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onerror = () => reject(new TypeError("the server could not be reached"));
    request.onload = () => {
      const answer: unknown = request.response;
      if (request.status === 201 && isAnswer(answer)) resolve(answer);
      else reject({ data: answer });
    };
    request.send(file);
  });
}
