import { Anchor, type AnchorProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ReactNode, Ref } from "react";

type Props = Omit<AnchorProps, "href"> & {
  children?: ReactNode;
  ref?: Ref<HTMLAnchorElement>;
  tabIndex?: number;
  title?: string;
};

/** A link to another page of the app; its target is type-checked against the routes. */
export const TextLink = createLink((props: Props) => <Anchor {...props} />);
