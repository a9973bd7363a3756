package notice_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/notice"
)

var known = notice.Known{People: []string{"dana"}, Environments: []string{"production"}, Sinks: []string{"mail"}}

func TestCheckFindsWhatCannotWork(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, route, want string }{
		{"nothing", `{}`, ""},
		{"everything in order", `{"channel": "C0RELEASES", "mode": "card", "sinks": ["mail"], "direct": "all", "once_per": ["branch", "day"],
			"mention": {"failure": ["authors", "dana"], "approval": ["S0APPROVERS"]}, "templates": {"failed": "{{stage}}"},
			"quiet": {"hours": {"zone": "UTC", "windows": [{"days": ["mon"], "from": "20:00", "to": "08:00"}]}, "digest": "08:30"},
			"routes": [{"match": {"environments": ["production", "x*"], "states": ["FAILED"]}}, {}]}`, ""},
		{"a root that matches less", `{"match": {"pipelines": ["x"]}, "continue": true}`, "match continue"},
		{"words nobody knows", `{"mode": "cards", "direct": "some", "sinks": ["pager"], "urgent": ["fail"], "say": [""], "once_per": ["hour"]}`,
			"mode direct sinks[0] urgent[0] say[0] once_per[0]"},
		{"names nobody has", `{"channel": "#releases", "mention": {"failure": ["kim"], "approval": ["S1"]}}`, "channel mention.failure[0] mention.approval[0]"},
		{"deep down", `{"routes": [{}, {"routes": [{"match": {"environments": ["prod"], "states": ["FAILED", "BROKEN"]}}]}]}`, "routes[1]"},
		{"further down", `{"routes": [{"routes": [{"match": {"environments": ["prod"], "states": ["FAILED", "BROKEN"]}}]}]}`,
			"routes[0].routes[0].match.environments[0] routes[0].routes[0].match.states[1]"},
		{"templates", `{"templates": {"failed": "{{stge}}", "fail": "x"}}`, "templates templates.failed"},
		{"a digest of nothing", `{"quiet": {"digest": "8:30"}}`, "quiet.digest quiet.digest"},
		{"broken hours", `{"quiet": {"outside": {"zone": "Mars", "windows": [{"days": ["mon"], "from": "1", "to": "02:00"}]}}}`, "quiet.outside.zone quiet.outside.windows[0].from"},
		{"noise on holidays", `{"quiet": {"hours": {"zone": "UTC", "holidays": ["2026-12-25"]}}}`, "quiet.hours.holidays"},
		{"unreachable, and only told once", `{"routes": [{"continue": true}, {}, {}, {}]}`, "routes[2]"},
		{"too deep", strings.Repeat(`{"routes": [`, 12) + "{}" + strings.Repeat("]}", 12), strings.Repeat("routes[0].", 9) + "routes"},
		{"too many", `{"routes": [` + strings.Repeat(`{"continue": true},`, 500) + "{}]}", "routes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var root notice.Route
			if err := json.Unmarshal([]byte(tt.route), &root); err != nil {
				t.Fatal(err)
			}
			paths := []string{}
			for _, p := range root.Check(known) {
				paths = append(paths, p.Path)
				if p.Message == "" || p.Help == "" || !strings.HasPrefix(p.Error(), p.Path+": ") {
					t.Errorf("problem %+v is not explained", p)
				}
			}
			if diff := cmp.Diff(strings.Fields(tt.want), paths); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckNamesWhatWouldWork(t *testing.T) {
	t.Parallel()
	got := notice.Route{Templates: map[notice.Kind]string{notice.Failed: "Oh {{stge}}"}}.Check(known)
	const want = "templates.failed: character 4: {{stge}} is no value; did you mean {{stage}}?; or leave it out to have the built-in text"
	if len(got) != 1 || got[0].Error() != want {
		t.Errorf("%v, want %s", got, want)
	}
}
