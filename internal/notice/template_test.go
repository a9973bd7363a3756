package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/notice"
)

func telling(kind notice.Kind) notice.Telling {
	r := train(notice.StateFailed, notice.StateSucceeded, notice.StateSucceeded, notice.StateFailed)
	r.Revisions[0].URL = "https://github.com/example/web/commit/0123456789"
	r.Stages[3].Actions[0].ErrorCode, r.Stages[3].Actions[0].Summary = "JobFailed", "The deployment failed."
	r.StopReason, r.SupersededBy, r.RollsBackTo = "wrong branch", "e2", "e0"
	return notice.Telling{Release: r, Now: noon.Add(time.Hour), Reply: notice.Reply{
		Key: "k", Kind: kind, Stage: "Production", Action: "Deploy", Next: "Smoke", Attempt: 2,
	}}
}

func TestTemplateIsCheckedWhenItIsLoaded(t *testing.T) {
	t.Parallel()
	tests := []struct{ template, want string }{
		{"{{pipeline}} broke {{ stage | somewhere }}: {{commit.subject}}", ""},
		{"see <{{commit.url}}|the change> or <https://example.com/{{execution}}|it>", ""},
		{"}} alone is text, and so is { or {x}", ""},
		{"äö {{comit.subject}}", "character 4: {{comit.subject}} is no value; did you mean {{commit.subject}}?"},
		{"{{Pipeline}}", "character 1: {{Pipeline}} is no value; did you mean {{pipeline}}?"},
		{"{{.Release.State}}", "character 1: {{.Release.State}} is no value; write one of pipeline, "},
		{"{{range .}}", "character 1: {{range .}} is no value; write one of "},
		{"a {{pipeline", "character 3: {{ is not closed; write }} after the name"},
		{"{{ {{pipeline}} }}", "character 1: {{ is not closed"},
		{"{{}}", "character 1: {{}} is no value; write one of "},
		{" \n", "the template is empty"},
		{strings.Repeat("ä", 1001), "the template has 1001 characters; write at most 1000"},
		{"oh no <!channel>", "character 7: < may only begin a link"},
		{"<@{{commit.author}}>", "character 1: < may only begin a link"},
		{"<{{commit.subject}}>", "character 1: < may only begin a link"},
		{"<{{commit.url|!here}}>", "character 1: < may only begin a link"},
	}
	for _, tt := range tests {
		err := notice.CheckTemplate(tt.template)
		if (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%.40q: %v, want %q", tt.template, err, tt.want)
		}
	}
}

func TestTemplateSaysWhatItSays(t *testing.T) {
	t.Parallel()
	escape := func(s string) string { return "[" + s + "]" }
	empty := notice.Telling{Reply: notice.Reply{Kind: notice.Failed}}
	tests := []struct {
		name     string
		telling  notice.Telling
		template string
		want     string
	}{
		{"values", telling(notice.Failed), "*{{pipeline}}*/{{stage}} {{commit.short}} {{error}} {{attempt}} {{duration}}", "*[web-shop]*/[Production] [0123456] [JobFailed] [2] [5m]"},
		{"instead", empty, "{{stage|Something}} broke", "Something broke"},
		{"a link", telling(notice.Failed), "<{{commit.url}}|x>", "<[https://github.com/example/web/commit/0123456789]|x>"},
		{"nothing to say", empty, "{{stage}} {{action}}", "The release failed."},
		{"a link to nowhere", empty, "see <{{commit.url}}|x>", "The release failed."},
		{"never checked", empty, "{{nonsense}}", "The release failed."},
		{"of another kind", empty, "", "The release failed."},
	}
	for _, tt := range tests {
		d := notice.Delivery{Templates: map[notice.Kind]string{notice.Failed: tt.template, notice.Stuck: "x"}}
		if got := tt.telling.Text(d, escape); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestEveryNameCanBeUsed(t *testing.T) {
	t.Parallel()
	for _, name := range notice.TemplateNames() {
		template := "{{" + name + "|nothing}}"
		if err := notice.CheckTemplate(template); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		d := notice.Delivery{Templates: map[notice.Kind]string{notice.Failed: template}}
		switch got := telling(notice.Failed).Text(d, plain); {
		case got == "nothing" && name != "account" && name != "region" && name != "environment":
			t.Errorf("%s is not known of a release that has it", name)
		case strings.Contains(got, "{"):
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzTemplatesNeverFailAndNeverLetValuesOut(f *testing.F) {
	for _, seed := range []string{"{{stage}}", "{{stage|x}}", "{{", "}}", "<{{commit.url}}|x>", "{{a}}{{", "\xff{{\xff}}"} {
		f.Add(seed, "<!channel>")
	}
	f.Fuzz(func(t *testing.T, template, hostile string) {
		tell := telling(notice.Failed)
		tell.Release.Pipeline, tell.Reply.Stage, tell.Release.Revisions[0].Subject = hostile, hostile, hostile
		d := notice.Delivery{Templates: map[notice.Kind]string{notice.Failed: template}}
		got := tell.Text(d, func(string) string { return "_" })
		if strings.TrimSpace(got) == "" {
			t.Errorf("%q comes to nothing", template)
		}
		if err := notice.CheckTemplate(template); err == nil && strings.Contains(got, "<!") {
			t.Errorf("%q calls the channel: %q", template, got)
		}
	})
}
