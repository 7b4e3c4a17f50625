import type { Config } from "tailwindcss";

/** Colours are CSS variables (app/globals.css), so that both themes share one set of class names. */
const tones = ["success", "warning", "destructive", "info", "primary"] as const;

export default {
  content: ["./app/**/*.{ts,tsx}", "./components/**/*.{ts,tsx}"],
  darkMode: "class",
  theme: {
    extend: {
      colors: {
        background: "var(--background)",
        foreground: "var(--foreground)",
        card: { DEFAULT: "var(--card)", foreground: "var(--foreground)" },
        popover: { DEFAULT: "var(--popover)", foreground: "var(--foreground)" },
        secondary: { DEFAULT: "var(--secondary)", foreground: "var(--foreground)" },
        muted: { DEFAULT: "var(--muted)", foreground: "var(--muted-foreground)" },
        accent: { DEFAULT: "var(--accent)", foreground: "var(--foreground)" },
        border: "var(--border)",
        input: "var(--input)",
        ring: "var(--ring)",
        ...Object.fromEntries(
          tones.map((tone) => [
            tone,
            {
              DEFAULT: `var(--${tone})`,
              soft: `var(--${tone}-soft)`,
              solid: `var(--${tone}-solid, var(--${tone}))`,
              foreground: `var(--${tone}-foreground)`,
            },
          ]),
        ),
        chart: {
          1: "var(--chart-1)",
          2: "var(--chart-2)",
          3: "var(--chart-3)",
          4: "var(--chart-4)",
          5: "var(--chart-5)",
        },
      },
      borderRadius: { sm: "4px", md: "6px", lg: "8px", xl: "12px" },
      fontFamily: { sans: "var(--font-sans)", mono: "var(--font-mono)" },
      screens: { xs: "420px" },
    },
  },
} satisfies Config;
