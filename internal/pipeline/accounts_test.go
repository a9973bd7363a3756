package pipeline_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/pipeline"
)

const (
	own     = "111122223333"
	foreign = "444455556666"
)

// An abroad is STS and CodePipeline of all accounts. Role names become key ids.
type abroad struct {
	mu      sync.Mutex
	assumed []string // role and session, of each call
	callers []string // key and Region, of each call of CodePipeline
	lasts   time.Duration
	refuse  bool
}

func (a *abroad) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.Header.Get("X-Amz-Target") != "" {
		_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		part := strings.Split(scope, "/")
		a.callers = append(a.callers, part[0]+" "+part[2])
		_, _ = w.Write([]byte(`{"pipelines":[]}`))
		return
	}
	if a.refuse || r.FormValue("Action") != "AssumeRole" || r.FormValue("DurationSeconds") != "3600" {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>`))
		return
	}
	arn := r.FormValue("RoleArn")
	a.assumed = append(a.assumed, arn+" "+r.FormValue("RoleSessionName"))
	_, _ = fmt.Fprintf(w, `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
		<AccessKeyId>%s</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>%s</Expiration>
		</Credentials></AssumeRoleResult></AssumeRoleResponse>`, strings.Split(arn, ":")[4], time.Now().Add(a.lasts).UTC().Format(time.RFC3339))
}

func newAccounts(t *testing.T, role string) (*abroad, *pipeline.Accounts) {
	t.Helper()
	world := &abroad{lasts: time.Hour}
	server := httptest.NewServer(world)
	t.Cleanup(server.Close)
	return world, pipeline.NewAccounts(aws.Config{
		Region: "eu-west-1", BaseEndpoint: aws.String(server.URL), HTTPClient: server.Client(),
		Credentials: credentials.NewStaticCredentialsProvider("OWN", "secret", ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}, own, role, "signalbox-approval", time.Now)
}

// list makes one call in account and region.
func list(t *testing.T, a *pipeline.Accounts, account, region string) error {
	t.Helper()
	calls, err := a.Calls(pipeline.Place{Account: account, Region: region})
	if err != nil {
		return err
	}
	_, err = calls.ListPipelines(t.Context(), &codepipeline.ListPipelinesInput{})
	return err
}

func TestOwnAccountNeedsNoRole(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"", "signalbox"} {
		world, a := newAccounts(t, role)
		for _, region := range []string{"eu-west-1", "us-east-1"} {
			if err := list(t, a, own, region); err != nil {
				t.Fatal(err)
			}
		}
		if got := fmt.Sprint(world.callers, world.assumed); got != "[OWN eu-west-1 OWN us-east-1] []" {
			t.Errorf("calls %s", got)
		}
	}
}

func TestRoleOfAnotherAccountIsAssumedOnceForAll(t *testing.T) {
	t.Parallel()
	world, a := newAccounts(t, "ops/signalbox")
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			if err := list(t, a, foreign, []string{"eu-west-1", "us-east-1"}[n%2]); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := fmt.Sprint(world.assumed); got != "[arn:aws:iam::444455556666:role/ops/signalbox signalbox-approval]" {
		t.Errorf("assumed %s", got)
	}
	for _, caller := range world.callers {
		if !strings.HasPrefix(caller, foreign) {
			t.Errorf("called as %s", caller)
		}
	}
}

func TestCredentialsAreRenewedBeforeTheyExpire(t *testing.T) {
	t.Parallel()
	world, a := newAccounts(t, "signalbox")
	world.lasts = time.Minute
	for range 3 {
		if err := list(t, a, foreign, "cn-north-1"); err != nil {
			t.Fatal(err)
		}
	}
	if len(world.assumed) != 3 || !strings.HasPrefix(world.assumed[0], "arn:aws-cn:iam::444455556666:role/signalbox ") {
		t.Errorf("assumed %q, want it anew when less than two minutes are left", world.assumed)
	}
}

func TestAccountThatCannotBeReachedIsNamed(t *testing.T) {
	t.Parallel()
	_, a := newAccounts(t, "")
	if err := list(t, a, foreign, "eu-west-1"); err == nil || !strings.Contains(err.Error(), "account 444455556666, and no role is configured") {
		t.Errorf("without a role: %v", err)
	}
	if _, err := pipeline.Across(a.Calls).Waiting(t.Context(), elsewhere(action())); err == nil || !strings.Contains(err.Error(), "no role is configured") {
		t.Errorf("Waiting: %v", err)
	}
	world, a := newAccounts(t, "signalbox")
	world.refuse = true
	if err := list(t, a, foreign, "eu-west-1"); err == nil || !strings.Contains(err.Error(), "assume the role arn:aws:iam::444455556666:role/signalbox") {
		t.Errorf("refused: %v", err)
	}
	for _, p := range []pipeline.Place{{}, {Account: own}, {Account: "x", Region: "eu-west-1"}, {Account: own, Region: "evil.example.com/"}} {
		if _, err := a.Calls(p); err == nil {
			t.Errorf("there are calls for %v", p)
		}
	}
}

// elsewhere is a in another account.
func elsewhere(a approval.Action) approval.Action {
	a.Account = foreign
	return a
}
