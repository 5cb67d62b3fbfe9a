// Puts text into the clipboard, also where the page came over plain HTTP and browsers offer no clipboard.

/// Whether it was copied. field: an input that shows the text, which is selected so that it can be copied by hand.
export async function copy(text, field) {
  field.select();
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand('copy');
  }
}
