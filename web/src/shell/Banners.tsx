import { useEffect } from "react";
import { useQuery } from "../base/cache";
import { connected, probeNow } from "../base/connection";
import { useLive } from "../base/live";
import { storageWorks } from "../base/preferences";
import { useStore } from "../base/store";
import { ShellStatus } from "../generated/graphql";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { toast } from "../parts/Toast";

/** What concerns every page: the server is away, its disk is full, the browser keeps nothing. */
export function Banners(): JSX.Element {
  const isConnected = useStore(connected);
  const { data } = useQuery(ShellStatus, {});
  // The stream of events is the first to notice that the server is away.
  useLive(() => undefined);
  const keeps = useStore(storageWorks);
  useEffect(() => {
    if (!keeps) toast({ message: "This browser does not keep preferences (its storage is full or blocked). They last until the page is closed.", ms: 12_000 });
  }, [keeps]);
  return (
    <div className="shell-banners">
      <div role="status">
        {!isConnected && (
          <div className="banner banner-bad">
            <Icon name="offline" />
            <span>Server disconnected. Trying again; what is shown may be old.</span>
            <Button size="s" onClick={probeNow}>
              Retry now
            </Button>
          </div>
        )}
        {data?.serverStatus.insufficientStorage && (
          <div className="banner banner-warn">
            <Icon name="warning" />
            <span>The database has reached its limit of storage: new spans are not accepted. Remove old data or raise the limit.</span>
          </div>
        )}
      </div>
    </div>
  );
}
