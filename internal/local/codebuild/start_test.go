package codebuild_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/signalbox/signalbox/internal/local/codebuild"
)

func TestStartBuildOverridesTheProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(ofPipeline("orders"))
	_, err := w.StartBuild(t.Context(), &sdk.StartBuildInput{ProjectName: aws.String("orders")})
	refused(t, err, "InvalidInputException")
	out, err := w.StartBuild(t.Context(), &sdk.StartBuildInput{
		ProjectName: aws.String("orders"), SourceVersion: aws.String("v2"),
		SourceTypeOverride: types.SourceTypeNoSource, BuildspecOverride: aws.String("version: 0.2"),
		ArtifactsOverride: &types.ProjectArtifacts{Type: types.ArtifactsTypeNoArtifacts},
		ImageOverride:     aws.String("example:1"), PrivilegedModeOverride: aws.Bool(false), TimeoutInMinutesOverride: aws.Int32(7),
		EnvironmentVariablesOverride: []types.EnvironmentVariable{
			{Name: aws.String("REPOSITORY"), Value: aws.String("carts")},
			{Name: aws.String("TOKEN"), Value: aws.String("/token"), Type: types.EnvironmentVariableTypeParameterStore},
		},
		LogsConfigOverride: &types.LogsConfig{CloudWatchLogs: &types.CloudWatchLogsConfig{
			Status: types.LogsConfigStatusTypeEnabled, GroupName: aws.String("/builds"), StreamName: aws.String("orders"),
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	b := out.Build
	vars := ""
	for _, v := range b.Environment.EnvironmentVariables {
		vars += fmt.Sprintf("%s=%s %s;", *v.Name, *v.Value, v.Type)
	}
	if vars != "REPOSITORY=carts PLAINTEXT;TOKEN=/token PARAMETER_STORE;" || *b.Environment.Image != "example:1" || *b.Environment.PrivilegedMode {
		t.Errorf("environment %s of %s", vars, *b.Environment.Image)
	}
	if b.Source.Type != types.SourceTypeNoSource || *b.SourceVersion != "v2" || *b.TimeoutInMinutes != 7 || *b.Artifacts.Location != "" {
		t.Errorf("source %s at %s, timeout %d, artifact %q", b.Source.Type, *b.SourceVersion, *b.TimeoutInMinutes, *b.Artifacts.Location)
	}
	if *b.Logs.GroupName != "/builds" || *b.Logs.StreamName != "orders/"+(*b.Id)[len("orders:"):] {
		t.Errorf("logs in %s %s", *b.Logs.GroupName, *b.Logs.StreamName)
	}
	_, err = w.StartBuild(t.Context(), &sdk.StartBuildInput{ProjectName: aws.String("orders"), DebugSessionEnabled: aws.Bool(true)})
	refused(t, err, "NotImplementedException")
	_, err = w.StartBuild(t.Context(), &sdk.StartBuildInput{ProjectName: aws.String("carts")})
	refused(t, err, "ResourceNotFoundException")
	_, err = w.StartBuild(t.Context(), &sdk.StartBuildInput{ProjectName: aws.String("orders"), TimeoutInMinutesOverride: aws.Int32(4)})
	refused(t, err, "InvalidInputException")
}

func TestIdempotencyTokenStartsOneBuildForFiveMinutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	start := func(version string) (string, error) {
		out, err := w.StartBuild(t.Context(), &sdk.StartBuildInput{
			ProjectName: aws.String("orders"), IdempotencyToken: aws.String("once"), SourceVersion: &version,
		})
		if err != nil {
			return "", err
		}
		return *out.Build.Id, nil
	}
	first, err := start("a")
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(5*time.Minute - time.Second)
	if again, err := start("a"); again != first || err != nil {
		t.Errorf("repeated: %s, %v; want %s", again, err, first)
	}
	_, err = start("b")
	refused(t, err, "InvalidInputException")
	w.clock.Advance(time.Second)
	if later, err := start("b"); later == first || err != nil {
		t.Errorf("five minutes later: %s, %v", later, err)
	}
}

func TestBuildBeyondALimitIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := standalone("one")
	p.ConcurrentBuildLimit = 1
	w.declare(p)
	w.declare(standalone("many"))
	id := *w.start("one").Id
	_, err := w.StartBuild(t.Context(), &sdk.StartBuildInput{ProjectName: aws.String("one")})
	refused(t, err, "AccountLimitExceededException")
	for range 999 {
		w.order("many")
	}
	_, err = w.StartBuild(t.Context(), &sdk.StartBuildInput{ProjectName: aws.String("many")})
	refused(t, err, "AccountLimitExceededException")
	w.clock.Advance(whole)
	if second := *w.start("one").Id; second == id {
		t.Errorf("both builds are %s", id)
	}
}

func TestListsArePagedWithTheNewestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	w.declare(standalone("carts"))
	var want []string
	for i := range 250 {
		if i%2 == 0 {
			w.order("carts")
		}
		want = append(want, w.order("orders"))
	}
	slices.Reverse(want)
	var got []string
	pages := sdk.NewListBuildsForProjectPaginator(w, &sdk.ListBuildsForProjectInput{ProjectName: aws.String("orders")})
	for pages.HasMorePages() {
		out, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Ids) > 100 {
			t.Errorf("page of %d", len(out.Ids))
		}
		got = append(got, out.Ids...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("listed %d builds, want %d in another order", len(got), len(want))
	}
	out, err := w.ListBuilds(t.Context(), &sdk.ListBuildsInput{SortOrder: types.SortOrderTypeAscending})
	if err != nil || out.Ids[1] != want[len(want)-1] || len(out.Ids) != 100 || out.NextToken == nil {
		t.Errorf("all builds: %v, %v", out, err)
	}
	_, err = w.ListBuilds(t.Context(), &sdk.ListBuildsInput{NextToken: aws.String("YWZ0ZXI6bm9uZQ")})
	refused(t, err, "InvalidInputException")
	_, err = w.ListBuildsForProject(t.Context(), &sdk.ListBuildsForProjectInput{ProjectName: aws.String("none")})
	refused(t, err, "ResourceNotFoundException")
	some, err := w.BatchGetBuilds(t.Context(), &sdk.BatchGetBuildsInput{Ids: []string{want[0], "none:1", want[0]}})
	if err != nil || len(some.Builds) != 1 || !slices.Equal(some.BuildsNotFound, []string{"none:1"}) {
		t.Errorf("batch: %+v, %v", some, err)
	}
}

func TestFinishedBuildsAreForgottenBeyondALimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	script := codebuild.Script{Delay: new(time.Duration), Tests: map[string][]codebuild.Test{"unit": {{Name: "a"}}}}
	if err := w.service.SetUsual("orders", script); err != nil {
		t.Fatal(err)
	}
	first := *w.start("orders").Id
	for range 1100 {
		w.order("orders")
		w.clock.Advance(0)
	}
	gone, err := w.BatchGetBuilds(t.Context(), &sdk.BatchGetBuildsInput{Ids: []string{first}})
	if err != nil || len(gone.BuildsNotFound) != 1 {
		t.Errorf("the first of 1101 builds is still there: %v", err)
	}
	n := 0
	pages := sdk.NewListReportsPaginator(w, &sdk.ListReportsInput{})
	for pages.HasMorePages() {
		out, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n += len(out.Reports)
	}
	if n != 1000 {
		t.Errorf("%d reports are left, want 1000", n)
	}
}
