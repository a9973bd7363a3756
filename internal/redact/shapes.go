package redact

import "strings"

// A shape is how secrets of one kind begin and what they are made of.
type shape struct {
	prefix string
	set    class
	min    int // bytes after the prefix
	// apart is for a prefix that also occurs within words: it must begin one.
	apart bool
	// keep leaves the prefix readable: it says which service it is for.
	keep bool
}

// shapes are those that we know, by the first byte. The forms are those that
// the services publish for scanners of secrets.
var shapes = [128][]shape{
	'1': {{prefix: "1//0", set: urlish, min: 30, apart: true}},
	'A': {
		{prefix: "AKIA", set: upper | digit, min: 16},
		{prefix: "ASIA", set: upper | digit, min: 16},
		{prefix: "ABIA", set: upper | digit, min: 16},
		{prefix: "ACCA", set: upper | digit, min: 16},
		{prefix: "AIza", set: urlish, min: 35},
		{prefix: "ATATT3", set: opaque, min: 40},
		{prefix: "ATCTT3", set: opaque, min: 40},
		{prefix: "ATBB", set: alnum, min: 24},
		{prefix: "AGE-SECRET-KEY-1", set: alnum, min: 40},
		{prefix: "AKCp", set: alnum, min: 60},
		{prefix: "ABSK", set: base64, min: 100},
	},
	'C': {{prefix: "CCIPAT_", set: alnum | under, min: 20}},
	'F': {{prefix: "FwoGZXIvYXdz", set: base64, min: 40}, {prefix: "FQoGZXIvYXdz", set: base64, min: 40}, {prefix: "FlyV1 ", set: opaque, min: 20}},
	'G': {{prefix: "GOCSPX-", set: urlish, min: 20}},
	'I': {{prefix: "IQoJb3JpZ2lu", set: base64 | percent, min: 40}},
	'L': {{prefix: "LTAI", set: alnum, min: 16, apart: true}, {prefix: "LS0tLS1CRUdJTi", set: base64, min: 40}},
	'M': {{prefix: "MII", set: base64, min: 60}},
	'N': {{prefix: "NRAK-", set: alnum, min: 20}},
	'P': {{prefix: "PMAK-", set: alnum | dash, min: 30}},
	'S': {{prefix: "SG.", set: urlish | dot, min: 40, apart: true}, {prefix: "SK", set: digit | lower, min: 32, apart: true}},
	'a': {{prefix: "atlasv1.", set: urlish, min: 40}},
	'b': {
		{prefix: "b3BlbnNzaC1rZXktdjE", set: base64, min: 40},
		{prefix: "bkua_", set: alnum, min: 30},
		{prefix: "bkct_", set: alnum, min: 30},
	},
	'd': {
		{prefix: "dop_v1_", set: alnum, min: 40}, {prefix: "doo_v1_", set: alnum, min: 40}, {prefix: "dor_v1_", set: alnum, min: 40},
		{prefix: "dp.pt.", set: alnum, min: 30}, {prefix: "dp.st.", set: alnum | dot | dash | under, min: 30},
		{prefix: "dapi", set: alnum, min: 32, apart: true},
		{prefix: "dckr_pat_", set: urlish, min: 20}, {prefix: "dckr_oat_", set: urlish, min: 20},
		{prefix: "discord.com/api/webhooks/", set: route, min: 10, keep: true},
		{prefix: "discordapp.com/api/webhooks/", set: route, min: 10, keep: true},
	},
	'e': {{prefix: "eyJ", set: base64 | urlish | dot, min: 30}},
	'f': {{prefix: "figd_", set: urlish, min: 30}},
	'g': {
		{prefix: "ghp_", set: alnum, min: 30}, {prefix: "gho_", set: alnum, min: 30}, {prefix: "ghu_", set: alnum, min: 30},
		{prefix: "ghs_", set: urlish | dot, min: 30}, {prefix: "ghr_", set: alnum, min: 30},
		{prefix: "github_pat_", set: alnum | under, min: 30},
		{prefix: "glpat-", set: urlish | dot, min: 16}, {prefix: "glptt-", set: urlish, min: 20}, {prefix: "gldt-", set: urlish, min: 16},
		{prefix: "glrt-", set: urlish | dot, min: 16}, {prefix: "glcbt-", set: urlish, min: 16}, {prefix: "gloas-", set: urlish, min: 30},
		{prefix: "glsoat-", set: urlish, min: 16}, {prefix: "glft-", set: urlish, min: 16}, {prefix: "glimt-", set: urlish, min: 16},
		{prefix: "glagent-", set: urlish, min: 30},
		{prefix: "glsa_", set: alnum | under, min: 30}, {prefix: "glc_", set: base64, min: 30, apart: true},
	},
	'h': {
		{prefix: "hooks.slack.com/", set: route, min: 10, keep: true},
		{prefix: "hooks.slack-gov.com/", set: route, min: 10, keep: true},
		{prefix: "hvs.", set: urlish, min: 20}, {prefix: "hvb.", set: urlish, min: 20}, {prefix: "hvr.", set: urlish, min: 20},
		{prefix: "hf_", set: alnum, min: 30, apart: true},
	},
	'l': {{prefix: "lin_api_", set: alnum, min: 30}},
	'n': {{prefix: "npm_", set: alnum, min: 30}, {prefix: "ntn_", set: alnum, min: 40}},
	'p': {
		{prefix: "pypi-AgE", set: urlish, min: 40},
		{prefix: "pscale_tkn_", set: urlish | dot, min: 30}, {prefix: "pscale_pw_", set: urlish | dot, min: 30},
		{prefix: "pul-", set: alnum, min: 40, apart: true},
	},
	'r': {
		{prefix: "rk_live_", set: alnum, min: 16}, {prefix: "rk_test_", set: alnum, min: 16},
		{prefix: "rubygems_", set: alnum, min: 40},
	},
	's': {
		{prefix: "sk_live_", set: alnum, min: 16}, {prefix: "sk_test_", set: alnum, min: 16},
		{prefix: "sk-", set: urlish, min: 32, apart: true},
		{prefix: "shpat_", set: alnum, min: 30}, {prefix: "shpss_", set: alnum, min: 30}, {prefix: "shpca_", set: alnum, min: 30}, {prefix: "shppa_", set: alnum, min: 30},
		{prefix: "sq0atp-", set: urlish, min: 20}, {prefix: "sq0csp-", set: urlish, min: 30},
		{prefix: "sntrys_", set: base64 | under, min: 30}, {prefix: "sntryu_", set: alnum, min: 40},
		{prefix: "sbp_", set: alnum, min: 40}, {prefix: "secret_", set: alnum, min: 40, apart: true},
	},
	'w': {
		{prefix: "whsec_", set: base64, min: 20},
		{prefix: "webhook.office.com/webhookb2/", set: opaque | slash, min: 10, keep: true},
	},
	'x': {
		{prefix: "xoxa-", set: opaque, min: 10}, {prefix: "xoxb-", set: opaque, min: 10}, {prefix: "xoxc-", set: opaque, min: 10},
		{prefix: "xoxd-", set: opaque, min: 10}, {prefix: "xoxe-", set: opaque, min: 10}, {prefix: "xoxe.", set: opaque, min: 10},
		{prefix: "xoxo-", set: opaque, min: 10}, {prefix: "xoxp-", set: opaque, min: 10}, {prefix: "xoxr-", set: opaque, min: 10},
		{prefix: "xoxs-", set: opaque, min: 10}, {prefix: "xapp-", set: opaque, min: 10}, {prefix: "xwfp-", set: opaque, min: 10},
	},
	'y': {{prefix: "ya29.", set: urlish | dot, min: 20}},
}

// shaped finds the token that begins at s[i]: from where to where it is to be
// hidden, which is nowhere if to is 0.
func shaped(s string, i int) (from, to int) {
	if s[i] >= byte(len(shapes)) || i+1 >= len(s) {
		return 0, 0
	}
	of := shapes[s[i]]
	for k := range of {
		known := &of[k]
		if known.prefix[1] != s[i+1] || !strings.HasPrefix(s[i:], known.prefix) || known.apart && !begins(s, i) {
			continue
		}
		body := i + len(known.prefix)
		n := run(s[body:], known.set)
		if n < known.min {
			continue
		}
		to = len(strings.TrimRight(s[:body+n], ".")) // the end of a sentence
		if known.keep {
			return body, to
		}
		return i, to
	}
	if s[i] == linkVersion[0] {
		return i, link(s, i)
	}
	return 0, 0
}

// The parts of a link of ours have at least these lengths: what it is for,
// and the code that proves it.
const (
	linkVersion = "v1."
	minPayload  = 24
	minCode     = 20
)

// link finds the end of the token of a link of ours that begins at s[i], or
// returns 0.
func link(s string, i int) int {
	rest, ok := strings.CutPrefix(s[i:], linkVersion)
	if !ok || !begins(s, i) {
		return 0
	}
	payload := run(rest, urlish)
	if payload < minPayload || !strings.HasPrefix(rest[payload:], ".") {
		return 0
	}
	code := run(rest[payload+1:], urlish)
	if code < minCode {
		return 0
	}
	return i + len(linkVersion) + payload + 1 + code
}

// begins reports whether a word begins at s[i]: after what is no letter or
// digit, or after a character that is written as \n or %3D.
func begins(s string, i int) bool {
	if i == 0 || classOf(s[i-1])&alnum == 0 {
		return true
	}
	return i >= 2 && s[i-2] == '\\' || i >= 3 && s[i-3] == '%'
}
