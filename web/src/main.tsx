import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { boot } from "./base/boot";
import { Shell } from "./shell/Shell";

const host = document.getElementById("root");
if (host) createRoot(host).render(<StrictMode><Shell /></StrictMode>);
if (boot.reloadFrom) new EventSource(boot.reloadFrom).addEventListener("message", () => location.reload());
