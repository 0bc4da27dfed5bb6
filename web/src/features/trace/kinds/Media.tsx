import { useState } from "react";
import { PlainText } from "../../../parts/text/PlainText";

const isEmbedded = (url: string, what: string): boolean => new RegExp(`^data:${what}/`, "i").test(url);

/** An image, a sound or a file of a message. Only what the span itself carries is shown; nothing is fetched from elsewhere. */
export function Media({ what, url, note }: { readonly what: string; readonly url: string; readonly note?: string | undefined }): JSX.Element {
  const [hasFailed, setFailed] = useState(false);
  const caption = note ? <figcaption><PlainText text={note.slice(0, 2000)} /></figcaption> : null;
  if (!hasFailed && what === "image" && isEmbedded(url, "image")) {
    return <figure className="media"><img src={url} alt={note ?? "Image of the message"} onError={() => setFailed(true)} />{caption}</figure>;
  }
  if (!hasFailed && what === "audio" && isEmbedded(url, "audio")) {
    // oxlint-disable-next-line jsx-a11y/media-has-caption
    return <figure className="media"><audio controls preload="metadata" src={url} onError={() => setFailed(true)} />{caption}</figure>;
  }
  const isOdd = /^(?:data|javascript):/i.test(url);
  const isRedacted = url === "" || /redacted/i.test(url);
  return (
    <div className="media media-elsewhere">
      <strong>{what}</strong>{" "}
      {isRedacted ? <span>redacted by the application</span> : hasFailed ? <span>that this browser cannot show</span> : <span className="mono"><PlainText text={url.slice(0, 300)} /></span>}
      {caption}
      {!isRedacted && !hasFailed && <p className="dim">{isOdd ? `Not shown: this is no ${what}.` : "Not shown: it is stored elsewhere, and this page fetches nothing from other machines."}</p>}
    </div>
  );
}
