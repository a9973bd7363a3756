package codebuild_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
)

func declaration(name string) *sdk.CreateProjectInput {
	return &sdk.CreateProjectInput{
		Name: &name, ServiceRole: aws.String("arn:aws:iam::111122223333:role/build"),
		Source:    &types.ProjectSource{Type: types.SourceTypeGithub, Location: aws.String("https://example.com/a.git")},
		Artifacts: &types.ProjectArtifacts{Type: types.ArtifactsTypeNoArtifacts},
		Environment: &types.ProjectEnvironment{
			Type: types.EnvironmentTypeLinuxContainer, Image: aws.String("example:1"), ComputeType: types.ComputeTypeBuildGeneral1Small,
		},
		VpcConfig:            &types.VpcConfig{VpcId: aws.String("vpc-1")},
		ConcurrentBuildLimit: aws.Int32(3), BadgeEnabled: aws.Bool(true),
	}
}

func TestProjectIsShownAsDeclaredWithDefaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.CreateProject(t.Context(), declaration("orders")); err != nil {
		t.Fatal(err)
	}
	_, err := w.CreateProject(t.Context(), declaration("orders"))
	refused(t, err, "ResourceAlreadyExistsException")
	out, err := w.BatchGetProjects(t.Context(), &sdk.BatchGetProjectsInput{
		Names: []string{"arn:aws:codebuild:eu-west-1:111122223333:project/orders", "none"},
	})
	if err != nil || len(out.Projects) != 1 || !slices.Equal(out.ProjectsNotFound, []string{"none"}) {
		t.Fatalf("get: %+v, %v", out, err)
	}
	p := out.Projects[0]
	if *p.TimeoutInMinutes != 60 || *p.QueuedTimeoutInMinutes != 480 || p.Cache.Type != types.CacheTypeNoCache ||
		*p.EncryptionKey != "arn:aws:kms:eu-west-1:111122223333:alias/aws/s3" || !p.Created.Equal(morning) {
		t.Errorf("defaults %+v", p)
	}
	if *p.VpcConfig.VpcId != "vpc-1" || *p.ConcurrentBuildLimit != 3 || !p.Badge.BadgeEnabled || *p.Arn != "arn:aws:codebuild:eu-west-1:111122223333:project/orders" {
		t.Errorf("as declared: %+v", p)
	}
}

func TestUpdateChangesWhatIsGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.CreateProject(t.Context(), declaration("orders")); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Minute)
	out, err := w.UpdateProject(t.Context(), &sdk.UpdateProjectInput{
		Name: aws.String("orders"), TimeoutInMinutes: aws.Int32(90), ConcurrentBuildLimit: aws.Int32(-1),
		Source: &types.ProjectSource{Type: types.SourceTypeNoSource, Buildspec: aws.String("version: 0.2")},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := out.Project
	if *p.TimeoutInMinutes != 90 || p.ConcurrentBuildLimit != nil || p.Source.Location != nil || *p.VpcConfig.VpcId != "vpc-1" ||
		!p.LastModified.Equal(morning.Add(time.Minute)) || !p.Created.Equal(morning) {
		t.Errorf("updated %+v", p)
	}
	_, err = w.UpdateProject(t.Context(), &sdk.UpdateProjectInput{
		Name: aws.String("orders"), Source: &types.ProjectSource{Type: types.SourceTypeCodepipeline},
	})
	refused(t, err, "InvalidInputException")
	_, err = w.UpdateProject(t.Context(), &sdk.UpdateProjectInput{Name: aws.String("none")})
	refused(t, err, "ResourceNotFoundException")
}

func TestProjectThatCodeBuildWouldRefuseIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, spoil := range map[string]func(*sdk.CreateProjectInput){
		"a name that is too short":     func(in *sdk.CreateProjectInput) { in.Name = aws.String("a") },
		"a name with a slash":          func(in *sdk.CreateProjectInput) { in.Name = aws.String("a/b") },
		"a timeout below five minutes": func(in *sdk.CreateProjectInput) { in.TimeoutInMinutes = aws.Int32(4) },
		"an unknown compute type":      func(in *sdk.CreateProjectInput) { in.Environment.ComputeType = "TINY" },
		"a source without a location":  func(in *sdk.CreateProjectInput) { in.Source.Location = nil },
		"half a pipeline's project":    func(in *sdk.CreateProjectInput) { in.Source.Type = types.SourceTypeCodepipeline },
		"no source and no buildspec":   func(in *sdk.CreateProjectInput) { *in.Source = types.ProjectSource{Type: types.SourceTypeNoSource} },
		"no source and a location": func(in *sdk.CreateProjectInput) {
			in.Source.Type, in.Source.Buildspec = types.SourceTypeNoSource, aws.String("b")
		},
		"an artifact without a bucket": func(in *sdk.CreateProjectInput) { in.Artifacts.Type = types.ArtifactsTypeS3 },
		"a role of another kind":       func(in *sdk.CreateProjectInput) { in.ServiceRole = aws.String("arn:aws:iam::1:user/me") },
		"a limit below -1":             func(in *sdk.CreateProjectInput) { in.ConcurrentBuildLimit = aws.Int32(-2) },
		"a log group that cannot be":   func(in *sdk.CreateProjectInput) { in.LogsConfig = group("a b") },
		"a variable without a name":    func(in *sdk.CreateProjectInput) { in.Environment.EnvironmentVariables = unnamed },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := declaration("orders")
			spoil(in)
			_, err := w.CreateProject(t.Context(), in)
			refused(t, err, "InvalidInputException")
		})
	}
}

var unnamed = []types.EnvironmentVariable{{Name: aws.String(""), Value: aws.String("x")}}

func group(name string) *types.LogsConfig {
	return &types.LogsConfig{CloudWatchLogs: &types.CloudWatchLogsConfig{Status: types.LogsConfigStatusTypeEnabled, GroupName: &name}}
}

func TestProjectsAreListedInTheOrderAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"zebra", "ant", "mole"} {
		w.declare(standalone(name))
		w.clock.Advance(time.Second)
	}
	for _, test := range []struct {
		by    types.ProjectSortByType
		order types.SortOrderType
		want  []string
	}{
		{"", "", []string{"ant", "mole", "zebra"}},
		{types.ProjectSortByTypeCreatedTime, types.SortOrderTypeAscending, []string{"zebra", "ant", "mole"}},
		{types.ProjectSortByTypeLastModifiedTime, types.SortOrderTypeDescending, []string{"mole", "ant", "zebra"}},
	} {
		out, err := w.ListProjects(t.Context(), &sdk.ListProjectsInput{SortBy: test.by, SortOrder: test.order})
		if err != nil || !slices.Equal(out.Projects, test.want) {
			t.Errorf("by %q %s: %v, %v", test.by, test.order, out.Projects, err)
		}
	}
}

func TestDeletedProjectLeavesItsBuilds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.declare(standalone("orders"))
	id := *w.start("orders").Id
	for range 2 {
		if _, err := w.DeleteProject(t.Context(), &sdk.DeleteProjectInput{Name: aws.String("orders")}); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.Advance(whole)
	if b := w.build(id); b.BuildStatus != types.StatusTypeSucceeded {
		t.Errorf("the build is %s", b.BuildStatus)
	}
	_, err := w.StartBuild(t.Context(), &sdk.StartBuildInput{ProjectName: aws.String("orders")})
	refused(t, err, "ResourceNotFoundException")
}
