package demo

import (
	"context"
	"time"
)

// What goes wrong in builds, as their logs and reports tell it. Passwords get
// into logs; what Slack shows has none.
var (
	redTests = build{
		Message: "Error while executing command: make test. Reason: exit status 2",
		Log: []string{
			"=== RUN   TestWebhookComesTwice",
			"    connecting to postgres://payments:hunter2-staging@db.internal:5432/payments",
			"    refund_test.go:58: refunded 20.00, want 10.00",
			"--- FAIL: TestWebhookComesTwice (0.03s)",
			"--- PASS: TestRoundingPerLine (0.00s)",
			"FAIL",
			"FAIL\texample.org/payments/refund\t0.412s",
		},
		Tests: map[string][]test{"unit": {
			{Suite: "refund", Name: "TestWebhookComesTwice", Status: "FAILED", Message: "refunded 20.00, want 10.00", Takes: 30},
			{Suite: "invoice", Name: "TestRoundingPerLine", Takes: 2},
			{Suite: "gateway", Name: "TestRetriesOnce", Takes: 110},
		}},
	}
	fullDisk = build{
		Message: "Error while executing command: make reports. Reason: exit status 2",
		Log: []string{
			"rendering 412 pages",
			"write /tmp/reports/page-377.pdf: no space left on device",
			"make: *** [Makefile:31: reports] Error 1",
		},
	}
)

// A build says how the next one of a project fails.
type build struct {
	Message string
	Log     []string
	Tests   map[string][]test
}

// A test is one case of a report.
type test struct {
	Name    string `json:"name"`
	Suite   string `json:"suite"`
	Status  string `json:"status,omitempty"`
	Message string `json:"message,omitempty"`
	Takes   int    `json:"duration_ms"`
}

// breaks lets the next build of a project fail.
func (s *show) breaks(ctx context.Context, project string, b build) error {
	return s.call(ctx, "/local/codebuild/"+project, map[string]any{
		"outcome": "FAILED", "phase": "BUILD", "message": b.Message, "log": b.Log, "tests": b.Tests,
	}, nil)
}

// night is a release that fails in quiet hours, and the morning after.
func night(c commit) []scene {
	var r *release
	return []scene{
		{"04:40", "It is night. A report of " + c.author + " does not build. #reports is quiet until morning: the card says what happened, and calls nobody.", marco, reportsChannel,
			func(ctx context.Context, s *show) (err error) {
				if err := s.breaks(ctx, "reports-build", fullDisk); err != nil {
					return err
				}
				if r, err = s.push(ctx, "reports", c); err != nil {
					return err
				}
				return s.ends(ctx, r, "Failed")
			}},
		{"08:10", "Quiet hours are over: one message sums up the night. Marco Silva has made room on the disk, and retries.", marco, reportsChannel,
			func(ctx context.Context, s *show) error {
				if err := s.retries(ctx, r, "Build"); err != nil {
					return err
				}
				if err := s.asks(ctx, r); err != nil {
					return err
				}
				if err := s.approves(ctx, marco, r); err != nil {
					return err
				}
				return s.ends(ctx, r, "Succeeded")
			}},
	}
}

// retries runs the failed actions of a stage again.
func (s *show) retries(ctx context.Context, r *release, stage string) error {
	return s.call(ctx, "/local/codepipeline/"+r.pipeline+"/"+stage+"/retry", map[string]string{"execution_id": r.id}, nil)
}

// hiccup is a deployment that fails, is retried, and is rolled back all the
// same, to what today's first release has brought.
func hiccup(c commit, today func() *release) []scene {
	const production = "web-shop/Production/DeployProduction"
	var r *release
	return []scene{
		{"14:05", c.author + " releases “" + c.message + "”. Production fails its health checks: the card turns red, and whoever wrote it is called.", lee, releases,
			func(ctx context.Context, s *show) (err error) {
				if err := s.script(ctx, production, "Failed", "2 of 6 tasks failed their health checks", time.Second); err != nil {
					return err
				}
				if r, err = s.push(ctx, "web-shop", c); err != nil {
					return err
				}
				if err := s.asks(ctx, r); err != nil {
					return err
				}
				if err := s.approves(ctx, lee, r); err != nil {
					return err
				}
				return s.ends(ctx, r, "Failed")
			}},
		{"14:11", "A retry. This time the tasks are healthy: the same card turns green, and its thread says that it is fixed.", lee, releases,
			func(ctx context.Context, s *show) error {
				if err := s.retries(ctx, r, "Production"); err != nil {
					return err
				}
				return s.ends(ctx, r, "Succeeded")
			}},
		{"14:20", "Customers find empty baskets. Production goes back to this morning's release: a rollback is a release of its own, and its card says to what.", dana, releases,
			func(ctx context.Context, s *show) error {
				back, err := s.rollsBack(ctx, today(), "Production")
				if err != nil {
					return err
				}
				return s.ends(ctx, back, "Succeeded")
			}},
	}
}

// rollsBack takes a stage back to what r has brought there.
func (s *show) rollsBack(ctx context.Context, r *release, stage string) (*release, error) {
	var started struct {
		ID string `json:"execution_id"`
	}
	body := map[string]string{"stage": stage, "execution_id": r.id}
	if err := s.call(ctx, "/local/codepipeline/"+r.pipeline+"/rollback", body, &started); err != nil {
		return nil, err
	}
	back := &release{r.pipeline, started.ID}
	s.releases = append(s.releases, back)
	return back, nil
}

// hanging is a release that takes much longer than usual, of which no event
// tells anything.
func hanging(c commit) []scene {
	const takes, rest = 43 * time.Minute, "6m"
	var r *release
	return []scene{
		{"16:35", c.author + " has one more report. Marco Silva approves it, and its upload hangs.", marco, reportsChannel,
			func(ctx context.Context, s *show) (err error) {
				if err := s.script(ctx, "reports/Publish/PublishReports", "Succeeded", "", takes); err != nil {
					return err
				}
				if r, err = s.push(ctx, "reports", c); err != nil {
					return err
				}
				if err := s.asks(ctx, r); err != nil {
					return err
				}
				return s.approves(ctx, marco, r)
			}},
		{"17:15", "Half an hour, and not a word from AWS. It takes much longer than usual, so the channel hears of it, once. Then the upload is through.", marco, reportsChannel,
			func(ctx context.Context, s *show) error {
				if err := s.options.Pause(ctx, slowly); err != nil { // to be told so
					return err
				}
				if err := s.call(ctx, "/local/time", map[string]string{"advance": rest}, nil); err != nil {
					return err
				}
				return s.ends(ctx, r, "Succeeded")
			}},
	}
}
