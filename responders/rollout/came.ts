/** When the image that a Deployment runs took the place of another one, milliseconds since the epoch; undefined where none is on record. Newest revision first. A restart makes a revision too, of the same image: the runbook's own comes before going back. */
export function imageCameMs(
  rollouts: readonly { readonly atMs: number; readonly image: string }[],
): number | undefined {
  const other = rollouts.findIndex(({ image }) => image !== rollouts[0]?.image);
  return other === -1 ? undefined : rollouts[other - 1]?.atMs;
}
