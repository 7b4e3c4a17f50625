"use client";

import dynamic from "next/dynamic";
import { cn } from "./cn";
import { CONTROL, CONTROL_SIZE } from "./input";

export type { ComboboxOption, ComboboxProps, MultiComboboxProps } from "./combobox-parts";

const Place = () => <span aria-hidden className={cn(CONTROL, CONTROL_SIZE.md, "block")} />;

/** One of many, by typing. */
export const Combobox = dynamic(() => import("./combobox-parts").then((parts) => parts.Combobox), {
  loading: Place,
});
/** Several of many, as chips. */
export const MultiCombobox = dynamic(() => import("./combobox-parts").then((parts) => parts.MultiCombobox), {
  loading: Place,
});
