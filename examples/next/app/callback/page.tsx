/** Where the server sends people back to. The provider of the layout finishes the sign-in and goes on from here. */
export default function Page() {
  return <main>One moment…</main>
}
