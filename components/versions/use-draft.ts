"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useDeferredValue, useReducer, useRef, useState } from "react";
import { toast } from "@/components/ui/toast";
import { type Change, type History, type HistoryAction, historyReducer, startOf } from "./history";
import type { Versioned } from "./types";
import { useAutosave } from "./use-autosave";

/** Where a draft is kept; without: nowhere yet. */
export interface DraftPlace {
  id?: string;
  revision?: number;
}

interface Verbs<D> {
  save: (doc: D, at: DraftPlace) => Promise<Required<DraftPlace>>;
  submit: (at: Required<DraftPlace>, publish: boolean) => Promise<{ version: number }>;
  discard: (at: Required<DraftPlace>) => Promise<unknown>;
  /** The revision of the draft as it is kept now; undefined: there is none. */
  latest: (id: string) => Promise<number | undefined>;
  /** Makes lists and pages ask anew. */
  refresh: () => Promise<unknown>;
}

/**
 * A draft in an editor: what it holds, with undo; saved by itself; submitted, published or thrown away.
 * `settled` is what it holds once typing leaves time: what is computed from it may come a moment later.
 */
export function useDraft<D extends object>({
  of,
  home,
  start,
  ...verbs
}: Verbs<D> & {
  /** What it is a draft of; null: of something new. */
  of: Pick<Versioned, "id" | "draft" | "versions"> | null;
  /** Address of the list: "/rules". */
  home: string;
  start: () => D;
}) {
  const t = useTranslations("rules.editor");
  const router = useRouter();
  const [history, dispatch] = useReducer<History<D>, null, [HistoryAction<D>]>(historyReducer, null, () =>
    startOf(start()),
  );
  const doc = history.present;
  const settled = useDeferredValue(doc);
  const change: Change<D> = (field, to) => dispatch({ type: "change", field, to });
  const place = useRef<DraftPlace>({ id: of?.id, revision: of?.draft?.revision });
  const [id, setId] = useState(of?.id ?? null);
  const autosave = useAutosave(doc, async (now) => {
    place.current = await verbs.save(now, place.current);
    setId(place.current.id ?? null);
    // a reload opens what was saved; the screen stays
    window.history.replaceState(null, "", `${home}/${place.current.id}/edit`);
  });
  const submit = useMutation({
    mutationFn: ({ at, publish }: { at: Required<DraftPlace>; publish: boolean }) =>
      verbs.submit(at, publish),
  });
  const discard = useMutation({ mutationFn: verbs.discard });
  const [tried, setTried] = useState(false);

  const send = async (publish: boolean, problems: readonly unknown[]) => {
    setTried(true);
    if (problems.length > 0 || settled !== doc) return;
    const untouched = place.current.revision === undefined && autosave.state === "untouched";
    if (untouched) change("save", (old) => ({ ...old })); // a draft that nobody changed has to exist, too
    await new Promise((settled) => setTimeout(settled, 0));
    if (!(await autosave.flush())) return;
    const { id, revision } = place.current;
    if (!id || revision === undefined) return;
    const done = await submit.mutateAsync({ at: { id, revision }, publish });
    await verbs.refresh();
    toast.success(t(publish ? "published" : "submitted", { version: done.version }));
    router.push(`${home}/${id}`);
  };
  const throwAway = async () => {
    if (!(await autosave.flush())) return;
    const { id, revision = 0 } = place.current;
    if (!id) return;
    await discard.mutateAsync({ id, revision });
    await verbs.refresh();
    router.push(of && of.versions.length > 0 ? `${home}/${id}` : home);
  };
  const keepMine = async (gone: boolean) => {
    const { id } = place.current;
    if (!id) return;
    place.current = { id, revision: gone ? undefined : await verbs.latest(id) };
    await autosave.flush();
  };
  const onKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    dispatch({ type: key === "y" || event.shiftKey ? "redo" : "undo" });
  };

  return {
    doc,
    settled,
    change,
    /** Null before it was saved first. */
    id,
    autosave,
    /** Somebody wanted to submit it. */
    tried,
    send: (publish: boolean, problems: readonly unknown[]) => void send(publish, problems).catch(() => {}),
    submitting: submit.isPending,
    throwAway,
    /** After a collision: what the screen holds takes the place of what is kept or, where that is `gone`, is the next draft. */
    keepMine,
    error: submit.error,
    /** There is a draft to throw away. */
    exists: Boolean(of?.draft) || autosave.state !== "untouched",
    onKey,
    settle: () => dispatch({ type: "settle" }),
    undo: history.past.length > 0 ? () => dispatch({ type: "undo" }) : null,
    redo: history.future.length > 0 ? () => dispatch({ type: "redo" }) : null,
  };
}

export type DraftState = Omit<ReturnType<typeof useDraft>, "doc" | "settled" | "change">;
