import type { Json } from "./form-body";

const language = document.documentElement.lang || "ja";

/** A value of the API as people read it: yen as ¥1,100, a date as 12月1日, µm as whole millimetres or tenths (mm1); else as it is. */
export function formatted(value: Json, as: string | undefined): string {
  switch (as) {
    case "yen":
      return "¥" + Number(value).toLocaleString("en-US");
    case "date":
      return new Date(`${String(value)}T00:00:00`).toLocaleDateString(language, { month: "long", day: "numeric" });
    case "mm":
      return String(Math.round(Number(value) / 1000));
    case "mm1":
      return String(Math.round(Number(value) / 100) / 10);
    default:
      return String(value);
  }
}
