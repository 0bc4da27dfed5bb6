import { useEffect, useRef } from "react";
import { url } from "../../base/boot";
import type { PageProps } from "../../base/router";
import { useTheme } from "../../base/theme";
import { Icon } from "../../parts/Icon";
import { NotFound } from "../../parts/NotFound";
import { PageHeader } from "../../parts/PageHeader";

interface Api {
  readonly title: string;
  readonly address: string;
}

const APIS: Readonly<Record<string, Api>> = {
  rest: { title: "REST API", address: "/docs" },
  graphql: { title: "GraphQL", address: "/graphql" },
};

/** The server's own page about an interface, within the application. */
export default function ApiPage({ params }: PageProps): JSX.Element {
  const api = APIS[params["api"] ?? ""];
  const frame = useRef<HTMLIFrameElement>(null);
  const theme = useTheme();
  // The page within knows the system's theme only.
  const paint = (): void => frame.current?.contentDocument?.documentElement.style.setProperty("color-scheme", theme);
  useEffect(paint, [theme]);
  if (!api) return <NotFound />;
  return (
    <div className="api">
      <PageHeader
        crumbs={[{ label: api.title }]}
        actions={
          <a className="api-alone" href={url(api.address)} target="_blank" rel="noreferrer">
            <Icon name="external" size={14} /> On a page of its own
          </a>
        }
      />
      {/* oxlint-disable-next-line react/iframe-missing-sandbox -- our own page, which asks this server */}
      <iframe ref={frame} onLoad={paint} className="api-frame" title={api.title} src={url(api.address)} />
    </div>
  );
}
