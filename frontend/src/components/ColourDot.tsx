/** A category's colour, beside its name. */
export function ColourDot({ colour, size = 10 }: { colour: string; size?: number }) {
  return (
    <span
      aria-hidden
      style={{
        display: "inline-block",
        flex: "none",
        width: size,
        height: size,
        borderRadius: "50%",
        background: colour,
        border: "1px solid color-mix(in srgb, var(--mantine-color-text) 25%, transparent)",
      }}
    />
  );
}
