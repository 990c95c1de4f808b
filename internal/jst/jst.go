// Package jst is the time of day in Japan, by which every date, promise and deadline counts.
package jst

import "time"

// Zone is nine hours ahead of UTC all year: there has been no summer time since 1951.
var Zone = time.FixedZone("Asia/Tokyo", 9*60*60)

// Midnight is when the day in Japan began in which t lies.
func Midnight(t time.Time) time.Time {
	year, month, day := t.In(Zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, Zone)
}

// Date writes the day in Japan as PostgreSQL reads it: 2026-11-23.
func Date(t time.Time) string { return t.In(Zone).Format(time.DateOnly) }
