package mail_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/mail"
	"github.com/signalbox/signalbox/internal/people"
	"github.com/signalbox/signalbox/internal/release"
)

var update = flag.Bool("update", false, "write the golden mails anew")

const topicARN = "arn:aws:sns:eu-west-1:000000000000:approvals"

var (
	dana  = people.Person{ID: "dana", Name: "Dana Whitfield", Email: "dana@example.com"}
	lee   = people.Person{ID: "lee", Name: "Lee Okafor", Email: "lee@example.com"}
	marco = people.Person{ID: "marco", Name: "Marco Silva"}
	asked = time.Date(2026, 11, 22, 9, 12, 0, 0, time.UTC)
)

func request() approval.Request {
	return approval.Request{
		ID: "abcdefghijklmnopqrstuvwxye", State: approval.Pending, Environment: "production",
		Approvers: []people.Person{dana, lee},
		Rule:      approval.Rule{Quorums: []approval.Quorum{{Need: 1, People: []people.Person{dana, lee}}}},
		Waiting: approval.Waiting{
			Action: approval.Action{
				Account: "000000000000", Region: "eu-west-1", Pipeline: "web-shop",
				ExecutionID: "7f2d6c1e-3b54-4c8a-9d0e-5a1b2c3d4e5f", Stage: "Approval", Name: "ApproveProduction",
			},
			Token:     "the-token-of-codepipeline",
			StartedBy: "arn:aws:sts::000000000000:assumed-role/Deployer/priya", Trigger: "StartPipelineExecution",
			Revisions: []approval.Revision{{
				Source: "Source", ID: "4c1f0a9b2d3e4f5061728394a5b6c7d8e9f00112",
				Summary: "Round totals after tax, not before\n\nFixes the cent that went missing.",
				URL:     "https://github.com/example/web-shop/commit/4c1f0a9b", Author: "Priya Raman",
			}},
			CustomData: "Check the release notes first.\nStaging ran for two hours without an alarm.",
			ReviewURL:  "https://staging.example.com/checkout",
			StartedAt:  asked, ExpiresAt: asked.Add(24 * time.Hour),
		},
	}
}

func invitation() approval.Invitation {
	return approval.Invitation{To: dana, URL: "https://api.example.com/approve?t=v1." + strings.Repeat("a", 39) + "." + strings.Repeat("b", 43), Code: "BCDF-GHJK"}
}

func hostile() approval.Request {
	r := request()
	const lie = "x\r\nCode: EVIL-EVIL\nhttps://evil.example/approve?t=v1\u2028Code: EVIL-EVIL\u202egnorw\x00\x1b[31m"
	r.Pipeline, r.Stage, r.Name, r.Environment, r.ExecutionID = lie, lie, lie, lie, lie
	r.StartedBy, r.CustomData, r.ReviewURL = lie, lie+strings.Repeat("\nCode: EVIL-EVIL", 60), "https://evil.example/\nCode: EVIL-EVIL"
	r.Revisions = []approval.Revision{{ID: lie, Summary: lie, Author: lie, URL: "https://evil.example/\r\nCode: EVIL", Source: lie}, {ID: "sha256:1", Source: lie}}
	r.Approvers = []people.Person{dana, {ID: "x", Name: lie}}
	r.Rule.Quorums[0].Name, r.Policy = lie, lie
	r.Changes = release.Changes{
		Commits: []release.Commit{{ID: "y" + lie, Summary: lie, Author: lie}},
		Images:  []release.Image{{Repository: lie, Digest: lie, Verdict: lie}},
		Tests:   []release.Test{{Name: lie, Failed: 1}}, Missing: []string{lie},
	}
	return r
}

// severe is of high risk, under a rule of two circles, with much to release.
func severe() approval.Request {
	r := request()
	r.Rule.HighRisk, r.Rule.ReasonToApprove, r.Rule.Expire = true, true, 4*time.Hour
	r.Rule.Quorums = []approval.Quorum{{Name: "QA", Need: 2, People: []people.Person{dana, lee}}, {Name: "Ops", Need: 1, People: []people.Person{marco}}}
	r.Votes = []approval.Vote{{Verdict: approval.Approve, By: lee, Door: approval.DoorSlack, At: asked}}
	r.Changes = release.Changes{
		Since: &release.Release{ExecutionID: "1f0e3b5c", At: asked.AddDate(0, 0, -2)}, More: 12,
		Images:  []release.Image{{Repository: "web-shop", Digest: "sha256:" + strings.Repeat("ab", 32), Verdict: release.Findings}},
		Tests:   []release.Test{{Name: "unit", Passed: 412, Failed: 1}, {Name: "slow", Passed: 9}},
		Missing: []string{"The authors of 2 executions could not be read: no answer in time."},
		Commits: []release.Commit{{ID: r.Revisions[0].ID, Summary: "Round totals after tax, not before"}},
	}
	for n := range 10 {
		r.Changes.Commits = append(r.Changes.Commits, release.Commit{ID: fmt.Sprintf("%040x", n+1), Summary: fmt.Sprintf("Change %d of WEB-12", n), Author: "Jonas Weber"})
	}
	return r
}

func TestMailsReadAsReviewed(t *testing.T) {
	t.Parallel()
	bare := request()
	bare.Revisions, bare.StartedBy, bare.Trigger, bare.CustomData, bare.ReviewURL, bare.Environment = nil, "", "", "", "", ""
	bare.Approvers = bare.Approvers[:1]
	for name, r := range map[string]approval.Request{"approval": request(), "bare": bare, "hostile": hostile(), "severe": severe()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := "Subject: " + mail.Subject(r) + "\n\n" + mail.Text(r, invitation())
			file := filepath.Join("testdata", name+".golden.txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

var (
	codeLine = regexp.MustCompile(`(?m)^\s*Code:`)
	linkLine = regexp.MustCompile(`(?m)^https?://.*$`)
)

// checkMail checks what holds for every mail, whatever the request says.
func checkMail(t interface {
	Helper()
	Errorf(string, ...any)
}, r approval.Request) {
	t.Helper()
	subject, text := mail.Subject(r), mail.Text(r, invitation())
	if n := utf8.RuneCountInString(subject); n >= 100 || strings.ContainsFunc(subject, unicode.IsControl) || !utf8.ValidString(subject) {
		t.Errorf("subject of %d characters: %q", n, subject)
	}
	if n := len(codeLine.FindAllString(text, -1)); n != 1 || !strings.Contains(text, "\nCode: BCDF-GHJK\n") {
		t.Errorf("%d lines look like a code:\n%s", n, text)
	}
	if links := linkLine.FindAllString(text, -1); len(links) != 1 || links[0] != invitation().URL {
		t.Errorf("lines that are links: %q", links)
	}
	if strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), func(c rune) bool {
		return unicode.IsControl(c) || c == '\u2028' || c == '\u2029' || unicode.Is(unicode.Bidi_Control, c)
	}) {
		t.Errorf("the mail has control characters: %q", text)
	}
	if len(text) > 256<<10 {
		t.Errorf("the mail has %d bytes", len(text))
	}
	if strings.Contains(text, "the-token-of-codepipeline") {
		t.Errorf("the mail has CodePipeline's token:\n%s", text)
	}
}

func TestOutsideTextPassesNeitherForACodeNorForALink(t *testing.T) {
	t.Parallel()
	checkMail(t, hostile())
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"Code:", " ", "\n", "\r", "\u2028", "\u0085", "\v", "https://evil.example", "\u202e", "a", "\x00", "\xff", "ü"}), 0, 40)
		outside := rapid.Custom(func(t *rapid.T) string { return strings.Join(words.Draw(t, "words"), "") })
		r := request()
		r.Pipeline, r.Stage, r.Environment = outside.Draw(t, "pipeline"), outside.Draw(t, "stage"), outside.Draw(t, "environment")
		r.CustomData, r.ReviewURL, r.StartedBy = outside.Draw(t, "note"), outside.Draw(t, "review"), outside.Draw(t, "starter")
		r.Revisions[0] = approval.Revision{ID: outside.Draw(t, "id"), Summary: outside.Draw(t, "summary"), Author: outside.Draw(t, "author"), URL: "https://x/" + outside.Draw(t, "url")}
		checkMail(t, r)
	})
}

// topic takes what is published to one SNS topic.
type topic struct {
	published []*sns.PublishInput
	err       error
	hangs     bool
}

func (s *topic) Publish(ctx context.Context, in *sns.PublishInput, _ ...func(*sns.Options)) (*sns.PublishOutput, error) {
	if s.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if s.err != nil {
		return nil, s.err
	}
	s.published = append(s.published, in)
	return &sns.PublishOutput{}, nil
}

func TestAMailIsForOnePersonAlone(t *testing.T) {
	t.Parallel()
	s := &topic{}
	if err := mail.New(s.Publish, topicARN).Ask(t.Context(), request(), invitation()); err != nil {
		t.Fatal(err)
	}
	in := s.published[0]
	got := map[string]string{}
	for name, a := range in.MessageAttributes {
		got[name] = aws.ToString(a.DataType) + " " + aws.ToString(a.StringValue)
	}
	want := map[string]string{"recipient": "String dana", "kind": "String approval", "pipeline": "String web-shop", "stage": "String Approval"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	if aws.ToString(in.TopicArn) != topicARN || aws.ToString(in.Subject) != "[production] Approve web-shop 4c1f0a9b?" {
		t.Errorf("published %q to %s", aws.ToString(in.Subject), aws.ToString(in.TopicArn))
	}
}

func TestAMailWithoutARecipientIsNotPublished(t *testing.T) {
	t.Parallel()
	s := &topic{}
	i := invitation()
	i.To.ID = ""
	if err := mail.New(s.Publish, topicARN).Ask(t.Context(), request(), i); err == nil || len(s.published) > 0 {
		t.Errorf("error %v, published %d", err, len(s.published))
	}
}

func TestErrorsKeepTheLinkAndTheCode(t *testing.T) {
	t.Parallel()
	i := invitation()
	cause := errors.New("refused")
	s := &topic{err: fmt.Errorf("POST body Message=%s Code%%3A+%s token %s: %w", i.URL, i.Code, strings.SplitN(i.URL, "t=", 2)[1], cause)}
	err := mail.New(s.Publish, topicARN).Ask(t.Context(), request(), i)
	if err == nil || !errors.Is(err, cause) {
		t.Fatalf("Ask = %v, want the refusal", err)
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if s := fmt.Sprintf("%v %+v", e, e); strings.Contains(s, i.URL) || strings.Contains(s, i.Code) || strings.Contains(s, "aaaaaaa") {
			t.Errorf("the error tells: %s", s)
		}
	}
}

func TestAHangingTopicIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // its clock jumps while everybody waits
		if err := mail.New((&topic{hangs: true}).Publish, topicARN).Ask(t.Context(), request(), invitation()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Ask = %v", err)
		}
	})
}
