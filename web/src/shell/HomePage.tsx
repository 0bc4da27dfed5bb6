import { useEffect } from "react";
import { navigate, withQuery } from "../base/router";

/** The application begins with its projects. */
export default function HomePage(): null {
  useEffect(() => navigate(withQuery({}, "/projects"), { replace: true }), []);
  return null;
}
