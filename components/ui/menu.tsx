"use client";

import { lazy } from "react";
import { LazyOverlay } from "./lazy-overlay";
import type { MenuChoice as Choice, MenuProps } from "./menu-parts";

export type { MenuChoiceProps, MenuItemProps, MenuProps } from "./menu-parts";

const load = () => import("./menu-parts");
const Parts = lazy(() => load().then((parts) => ({ default: parts.Menu })));

/** `<Menu trigger={<Button …/>}>` with `MenuItem`, `MenuChoice`, `MenuCheck`, `MenuSeparator`, `MenuLabel` inside. */
export function Menu(props: MenuProps) {
  return (
    <LazyOverlay state={{}} trigger={props.trigger} popup="menu" load={load}>
      {(state) => <Parts {...props} state={state} />}
    </LazyOverlay>
  );
}

export const MenuItem = lazy(() => load().then((parts) => ({ default: parts.MenuItem })));
export const MenuCheck = lazy(() => load().then((parts) => ({ default: parts.MenuCheck })));
export const MenuSeparator = lazy(() => load().then((parts) => ({ default: parts.MenuSeparator })));
export const MenuLabel = lazy(() => load().then((parts) => ({ default: parts.MenuLabel })));
// `lazy` forgets that the choice is generic in its values
export const MenuChoice = lazy(() =>
  load().then((parts) => ({ default: parts.MenuChoice })),
) as unknown as typeof Choice;
