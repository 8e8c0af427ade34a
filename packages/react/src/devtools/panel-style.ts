/** Of the shadow root: nothing of it reaches the page, nothing of the page reaches in. */
export const panelStyle: string = `
:host { all: initial !important; }
* { box-sizing: border-box; }
.devtools {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #161d1a);
  --sunken: light-dark(#f1f4f2, #0e1311);
  --line: light-dark(#c9d2cd, #3a4842);
  --ink: light-dark(#14201b, #e8efeb);
  --soft: light-dark(#4c5a54, #a9b8b0);
  --good: light-dark(#00694a, #3fdca6);
  --bad: light-dark(#9f2317, #ffa394);
  position: fixed;
  z-index: 2147483000;
  inset-block-end: 12px;
  display: flex;
  flex-direction: column-reverse;
  gap: 8px;
  max-inline-size: calc(100vw - 24px);
  pointer-events: none;
  color: var(--ink);
  font: 13px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
.devtools[data-side='right'] { inset-inline-end: 12px; align-items: flex-end; }
.devtools[data-side='left'] { inset-inline-start: 12px; align-items: flex-start; }
.toggle, .panel { pointer-events: auto; border: 1px solid var(--line); background: var(--ground); box-shadow: 0 4px 16px rgb(0 0 0 / 18%); }
button { font: inherit; color: inherit; cursor: pointer; }
button:focus-visible, .sections:focus-visible { outline: 2px solid var(--good); outline-offset: 1px; }
.toggle { display: flex; align-items: center; gap: 6px; padding: 6px 12px; border-radius: 999px; }
.dot { inline-size: 8px; block-size: 8px; border-radius: 50%; background: var(--soft); }
.dot[data-state='signed in'] { background: var(--good); }
.dot[data-state='stale'], .dot[data-state='expired'] { background: var(--bad); }
.panel { display: flex; flex-direction: column; inline-size: 40rem; max-inline-size: 100%; max-block-size: min(70vh, 40rem); border-radius: 12px; overflow: hidden; }
.panel[hidden] { display: none; }
.actions { padding: 10px 14px; border-block-end: 1px solid var(--line); background: var(--sunken); }
.buttons { display: flex; flex-wrap: wrap; gap: 6px; }
.actions button, p button { padding: 4px 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--ground); }
button[aria-disabled='true'] { color: var(--soft); cursor: default; opacity: 0.6; }
.actions p { min-block-size: 1.45em; margin: 6px 0 0; color: var(--soft); }
.sections { overflow: auto; padding: 0 14px 14px; }
h2 { margin: 14px 0 6px; font-size: 12px; font-weight: 600; color: var(--soft); }
p { margin: 0; }
dl { display: grid; gap: 4px; margin: 0; }
dl > div { display: grid; grid-template-columns: 6.5rem 1fr; gap: 8px; }
dt { color: var(--soft); }
dd { margin: 0; min-inline-size: 0; overflow-wrap: anywhere; }
code, time, td { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12px; font-variant-numeric: tabular-nums; }
ol, ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 3px; }
li[data-tone='good'] code { color: var(--good); }
li[data-tone='bad'], li[data-tone='bad'] code { color: var(--bad); }
.events li { overflow-wrap: anywhere; }
.events time { color: var(--soft); }
.timeline { position: relative; block-size: 20px; margin-inline: 4px; border-radius: 4px; background: var(--sunken); border: 1px solid var(--line); }
.timeline .passed { position: absolute; inset-block: 0; inset-inline-start: 0; background: var(--line); opacity: 0.5; }
.timeline ol { position: absolute; inset: 0; display: block; }
.timeline li { position: absolute; inset-block: -3px; inline-size: 4px; margin-inline-start: -2px; border-radius: 2px; background: var(--soft); }
.timeline li[data-tone='good'] { background: var(--good); }
.timeline li[data-tone='bad'] { background: var(--bad); }
.scale { display: flex; justify-content: space-between; margin-block-start: 4px; color: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.spoken { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
table { inline-size: 100%; border-collapse: collapse; }
th, td { padding: 3px 8px 3px 0; text-align: start; }
th { font-weight: 400; color: var(--soft); }
`
