"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type Ref, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { IconButton } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { caretAfter, codeSymbols, tidyCode } from "./code-text";

export interface CodeInputHandle {
  focus: () => void;
}

/** Groups of four as one types; takes what is pasted, and what a barcode gun types. */
export function CodeInput({
  value,
  onValueChange,
  onSubmit,
  disabled,
  autoFocus,
  handle,
  size = "xl",
}: {
  value: string;
  onValueChange: (text: string) => void;
  /** Enter, from a keyboard or at the end of a barcode. */
  onSubmit: (text: string) => void;
  disabled?: boolean;
  autoFocus?: boolean;
  handle?: Ref<CodeInputHandle>;
  size?: "md" | "xl";
}) {
  const t = useTranslations("redeem.code");
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | null>(null);
  const composing = useRef(false);
  useImperativeHandle(handle, () => ({ focus: () => input.current?.focus() }), []);
  useLayoutEffect(() => {
    if (caret.current === null) return;
    input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  const take = (text: string, at: number) => {
    let before = codeSymbols(text.slice(0, at)).length;
    let symbols = text;
    // Only a hyphen was deleted, which would come back: the symbol before it goes as well.
    if (text.length < value.length && codeSymbols(text) === codeSymbols(value) && before > 0) {
      const all = codeSymbols(text);
      symbols = all.slice(0, before - 1) + all.slice(before);
      before -= 1;
    }
    const tidy = tidyCode(symbols);
    caret.current = tidy === symbols.trim() && tidy.length === text.length ? at : caretAfter(tidy, before);
    onValueChange(tidy);
  };
  return (
    <Input
      ref={input}
      size={size}
      value={value}
      disabled={disabled}
      autoFocus={autoFocus}
      lang="en"
      inputMode="text"
      enterKeyHint="search"
      autoComplete="off"
      autoCapitalize="characters"
      autoCorrect="off"
      spellCheck={false}
      maxLength={300}
      placeholder={t("placeholder")}
      onChange={(event) => {
        const { value: text, selectionStart } = event.target;
        if (composing.current) onValueChange(text);
        else take(text, selectionStart ?? text.length);
      }}
      onCompositionStart={() => {
        composing.current = true;
      }}
      onCompositionEnd={(event) => {
        composing.current = false;
        take(event.currentTarget.value, event.currentTarget.value.length);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
        event.preventDefault();
        onSubmit(value);
      }}
      suffix={
        value && !disabled ? (
          <IconButton
            label={t("clear")}
            onClick={() => {
              onValueChange("");
              input.current?.focus();
            }}
          >
            <X aria-hidden />
          </IconButton>
        ) : (
          // The field stays the same element, and keeps the focus.
          <span />
        )
      }
      className="font-mono tracking-wide uppercase placeholder:tracking-wide max-sm:text-lg"
    />
  );
}
