/** The one style sheet of the emulator's pages, inlined under a hash. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f3ee; --card: #fffefb; --ink: #14140f; --soft: #5b5a52; --line: #dedcd2;
  --accent: #007a5c; --on-accent: #ffffff; --accent-wash: #e3f4ee; --focus: #0b5fff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e0f0d; --card: #181a17; --ink: #f2f1ea; --soft: #a5a59a; --line: #33362f;
    --accent: #00e3aa; --on-accent: #06231b; --accent-wash: #10302a; --focus: #7ab0ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100dvh; display: grid; place-items: start center;
  padding: clamp(0.75rem, 4vw, 4rem) 0.75rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
.frame { width: min(100%, 29rem); }
header { display: flex; align-items: center; gap: 0.5rem; padding: 0 0.25rem 1rem; }
header svg { fill: var(--on-accent); background: var(--accent); border-radius: 8px; }
.brand { font-weight: 700; letter-spacing: -0.02em; font-size: 1.125rem; }
.badge {
  margin-left: auto; font-size: 0.75rem; color: var(--soft); border: 1px dashed var(--line);
  border-radius: 99px; padding: 0.125rem 0.625rem;
}
main {
  background: var(--card); border: 1px solid var(--line); border-radius: 16px;
  padding: clamp(1.25rem, 5vw, 2rem); box-shadow: 0 1px 2px rgb(0 0 0 / 5%), 0 12px 32px -16px rgb(0 0 0 / 18%);
}
h1 { font-size: 1.375rem; line-height: 1.25; letter-spacing: -0.02em; margin: 0 0 0.375rem; text-wrap: balance; }
p { margin: 0 0 1rem; color: var(--soft); overflow-wrap: anywhere; }
.app { display: flex; align-items: center; gap: 0.75rem; margin-bottom: 1rem; }
.app img, .app .tile { width: 3rem; height: 3rem; border-radius: 12px; border: 1px solid var(--line); object-fit: contain; }
.tile { display: grid; place-items: center; font-weight: 700; background: var(--accent-wash); color: var(--accent); flex: none; }
.app .note { font-size: 0.8125rem; color: var(--soft); }
fieldset { border: 0; padding: 0; margin: 0 0 1.5rem; min-width: 0; }
legend, h2 { font-size: 0.8125rem; font-weight: 600; color: var(--soft); padding: 0; margin: 0 0 0.5rem; }
.person {
  display: flex; align-items: center; gap: 0.75rem; padding: 0.625rem 0.75rem; cursor: pointer;
  border: 1px solid var(--line); margin-top: -1px; position: relative;
}
.person:first-of-type { border-radius: 12px 12px 0 0; }
.person:last-of-type { border-radius: 0 0 12px 12px; }
.person:only-of-type { border-radius: 12px; }
.person:hover { background: color-mix(in srgb, var(--accent-wash) 45%, transparent); }
.person:has(:checked) { background: var(--accent-wash); border-color: var(--accent); z-index: 1; }
.person:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: 1px; z-index: 2; }
.person input { accent-color: var(--accent); width: 1.125rem; height: 1.125rem; margin: 0; flex: none; outline: none; }
.person .tile { width: 2.25rem; height: 2.25rem; border-radius: 50%; font-size: 0.8125rem; background: var(--ground); color: var(--ink); }
.person span { min-width: 0; }
.person strong { display: block; font-weight: 600; line-height: 1.3; }
.person small { display: block; font-size: 0.8125rem; color: var(--soft); overflow-wrap: anywhere; }
ul { list-style: none; margin: 0 0 1.5rem; padding: 0; border-top: 1px solid var(--line); }
li { padding: 0.625rem 0; border-bottom: 1px solid var(--line); display: grid; grid-template-columns: 1.25rem 1fr; gap: 0.5rem; }
li svg { width: 1.125rem; height: 1.125rem; margin-top: 0.1875rem; fill: none; stroke: var(--accent); stroke-width: 2.25; stroke-linecap: round; stroke-linejoin: round; }
li code { color: var(--soft); font-size: 0.75rem; }
.person small span { white-space: nowrap; }
.actions {
  display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; position: sticky; bottom: 0;
  background: var(--card); padding-block: 0.75rem; margin-block: -0.75rem;
}
button {
  font: inherit; font-weight: 600; min-height: 2.75rem; border-radius: 10px; cursor: pointer;
  border: 1px solid var(--line); background: transparent; color: var(--ink);
}
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button:hover { filter: brightness(1.06); border-color: var(--soft); }
button:focus-visible, a:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.after { font-size: 0.8125rem; margin: 1.5rem 0 0; }
a { color: var(--accent); }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0.375rem 1rem; margin: 1rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
footer { padding: 1rem 0.25rem 0; font-size: 0.8125rem; color: var(--soft); text-wrap: pretty; }
@media (prefers-reduced-motion: no-preference) { .person, button { transition: background-color 120ms, border-color 120ms; } }
`
