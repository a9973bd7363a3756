package cron

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
	_ "time/tzdata" // a local world must not depend on the machine's time zones
)

var (
	offset = regexp.MustCompile(`^UTC(?:([+-])([0-1][0-9]|2[0-3]):([0-5][0-9]))?$`)
	region = regexp.MustCompile(`^[A-Za-z]+(?:/[A-Za-z0-9_+\-]+)+$`)
)

// abbreviations are the short names that Java knows, which the user guide
// points to. Some are ambiguous elsewhere. Those not here, such as CET and GMT,
// are names of the time zone database.
var abbreviations = map[string]string{
	"ACT": "Australia/Darwin", "AET": "Australia/Sydney", "AGT": "America/Argentina/Buenos_Aires",
	"ART": "Africa/Cairo", "AST": "America/Anchorage", "BET": "America/Sao_Paulo", "BST": "Asia/Dhaka",
	"CAT": "Africa/Harare", "CNT": "America/St_Johns", "CST": "America/Chicago", "CTT": "Asia/Shanghai",
	"EAT": "Africa/Addis_Ababa", "ECT": "Europe/Paris", "IET": "America/Indiana/Indianapolis", //nolint:misspell // ECT is a time zone
	"IST": "Asia/Kolkata", "JST": "Asia/Tokyo", "MIT": "Pacific/Apia", "NET": "Asia/Yerevan",
	"NST": "Pacific/Auckland", "PLT": "Asia/Karachi", "PNT": "America/Phoenix", "PRT": "America/Puerto_Rico",
	"PST": "America/Los_Angeles", "SST": "Pacific/Guadalcanal", "VST": "Asia/Ho_Chi_Minh",
	"EST": "EST", "MST": "MST", "HST": "HST", "CET": "CET", "EET": "EET", "MET": "MET", "WET": "WET", "GMT": "GMT",
}

// Zone is the time zone that a deployment window names: empty or UTC, UTC+05:30,
// Region/City, or an abbreviation.
func Zone(name string) (*time.Location, error) {
	if m := offset.FindStringSubmatch(name); m != nil {
		hours, _ := strconv.Atoi(m[2]) // empty or digits: see the expression
		minutes, _ := strconv.Atoi(m[3])
		seconds := hours*3600 + minutes*60
		if m[1] == "-" {
			seconds = -seconds
		}
		return time.FixedZone(name, seconds), nil
	}
	if name == "" {
		return time.UTC, nil
	}
	known, ok := abbreviations[name]
	if !ok && !region.MatchString(name) {
		return nil, fmt.Errorf("time zone %q is neither UTC, an offset such as UTC+05:30, Region/City, nor a known abbreviation", name)
	}
	if !ok {
		known = name
	}
	zone, err := time.LoadLocation(known)
	if err != nil {
		return nil, fmt.Errorf("time zone %q is not known", name)
	}
	return zone, nil
}
