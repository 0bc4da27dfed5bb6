import { boot, root } from "../../base/boot";
import { useQuery } from "../../base/cache";
import * as format from "../../base/format";
import { ServerFacts } from "../../generated/graphql";
import { CopyButton } from "../../parts/CopyButton";
import { Skeleton } from "../../parts/Skeleton";

/** Where the server is, which version it has and how much it stores. */
export function GeneralSettings(): JSX.Element {
  const { data, error, isLoading } = useQuery(ServerFacts, {});
  const address = location.origin + root.replace(/\/$/, "");
  const grpc = boot.grpcPort === undefined ? null : `${location.protocol}//${location.hostname}:${boot.grpcPort}`;
  return (
    <div className="settings-body">
      <section>
        <h2>Server</h2>
        <dl className="settings-facts">
          <Fact label="Address" value={address} isCopied />
          <Fact label="Traces over HTTP" value={`${address}/v1/traces`} isCopied />
          {grpc && <Fact label="Traces over gRPC" value={grpc} isCopied />}
          {boot.version && <Fact label="Version" value={boot.version} />}
          {boot.platformVersion && <Fact label="Compatible with Arize Phoenix" value={boot.platformVersion} />}
        </dl>
      </section>
      <section>
        <h2>Storage</h2>
        {error && <p role="alert">{error.message}</p>}
        {isLoading && <Skeleton lines={5} label="Loading the sizes of tables" />}
        {data && <Storage tables={data.dbTableStats} capacity={data.dbStorageCapacityBytes} isFull={data.serverStatus.insufficientStorage} />}
      </section>
    </div>
  );
}

function Fact({ label, value, isCopied = false }: { readonly label: string; readonly value: string; readonly isCopied?: boolean }): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={isCopied ? "mono" : ""}>
        {value} {isCopied && <CopyButton text={value} label={`Copy: ${label}`} />}
      </dd>
    </div>
  );
}

interface StorageProps {
  readonly tables: readonly { readonly tableName: string; readonly numBytes: number }[];
  readonly capacity: number | null;
  readonly isFull: boolean;
}

const MOST_SHOWN = 10;

function Storage({ tables, capacity, isFull }: StorageProps): JSX.Element {
  const sorted = [...tables].sort((a, b) => b.numBytes - a.numBytes);
  const used = sorted.reduce((sum, table) => sum + table.numBytes, 0);
  const rest = sorted.slice(MOST_SHOWN).reduce((sum, table) => sum + table.numBytes, 0);
  const shown = [...sorted.slice(0, MOST_SHOWN), ...(rest > 0 ? [{ tableName: "other tables", numBytes: rest }] : [])];
  const most = shown[0]?.numBytes || 1;
  return (
    <>
      <p>
        {format.bytes(used)} used{capacity ? ` of ${format.bytes(capacity)}` : ""}.{" "}
        {isFull && <strong className="settings-alert">The storage is full: new traces are refused until there is room.</strong>}
      </p>
      {shown.length > 1 && (
        <table className="settings-tables">
          <thead className="sr">
            <tr>
              <th scope="col">Table</th>
              <th scope="col">Size</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((table) => (
              <tr key={table.tableName}>
                <th scope="row" className="mono">
                  {table.tableName}
                </th>
                <td>
                  <span className="settings-bar" style={{ width: `${(table.numBytes / most) * 100}%` }} /> {format.bytes(table.numBytes)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
