// Times are seconds since 1970, or ISO texts; shown in UTC so that pictures are alike everywhere.

function parsed(time) {
  return typeof time === "number" ? new Date(time * 1000) : new Date(time);
}

export const day = (time) =>
  parsed(time).toLocaleDateString("en-US", { month: "short", day: "2-digit", year: "numeric", timeZone: "UTC" });

export const moment = (time) =>
  `${day(time)}, ${parsed(time).toLocaleTimeString("en-US", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" })}`;
