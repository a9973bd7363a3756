package registry_test

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/local/registry"
)

func TestRepositoriesAreMadeDescribedAndDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"b", "team/a"} {
		if _, err := w.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: aws.String(name + "x")}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: aws.String("bx")})
	refused(t, err, "RepositoryAlreadyExistsException")
	_, err = w.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: aws.String("Team//a")})
	refused(t, err, "InvalidParameterException")
	out, err := w.DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range out.Repositories {
		got = append(got, *r.RepositoryArn, *r.RepositoryUri)
	}
	want := []string{
		"arn:aws:ecr:eu-west-1:111122223333:repository/bx", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/bx",
		"arn:aws:ecr:eu-west-1:111122223333:repository/team/ax", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/ax",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("repositories differ (-want +got):\n%s", diff)
	}
	w.push(`{"repository":"bx","tag":"1","scan":"basic"}`)
	_, err = w.DeleteRepository(t.Context(), &ecr.DeleteRepositoryInput{RepositoryName: aws.String("bx")})
	refused(t, err, "RepositoryNotEmptyException")
	if _, err = w.DeleteRepository(t.Context(), &ecr.DeleteRepositoryInput{RepositoryName: aws.String("bx"), Force: true}); err != nil {
		t.Error(err)
	}
	if w.clock.Pending() != 0 {
		t.Errorf("%d timers left", w.clock.Pending())
	}
	_, err = w.DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{RepositoryNames: []string{"bx"}})
	refused(t, err, "RepositoryNotFoundException")
	_, err = w.DescribeImages(t.Context(), &ecr.DescribeImagesInput{RepositoryName: aws.String("bx"), RegistryId: aws.String("444455556666")})
	refused(t, err, "AccessDeniedException")
}

func TestSettingsDecideWhatIsScanned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"prod/web", "dev/web"} {
		if _, err := w.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: &name}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.PutImageScanningConfiguration(t.Context(), &ecr.PutImageScanningConfigurationInput{
		RepositoryName: aws.String("dev/web"), ImageScanningConfiguration: &ecrtypes.ImageScanningConfiguration{ScanOnPush: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	frequencies := func() map[string]string {
		t.Helper()
		out, err := w.BatchGetRepositoryScanningConfiguration(t.Context(), &ecr.BatchGetRepositoryScanningConfigurationInput{
			RepositoryNames: []string{"prod/web", "dev/web", "none"},
		})
		if err != nil || len(out.Failures) != 1 {
			t.Fatalf("%+v, %v", out, err)
		}
		all := map[string]string{}
		for _, c := range out.ScanningConfigurations {
			all[*c.RepositoryName] = string(c.ScanFrequency)
		}
		return all
	}
	if diff := cmp.Diff(map[string]string{"prod/web": "MANUAL", "dev/web": "SCAN_ON_PUSH"}, frequencies()); diff != "" {
		t.Errorf("at first (-want +got):\n%s", diff)
	}
	w.settings(ecrtypes.ScanTypeEnhanced, ecrtypes.ScanFrequencyContinuousScan, "pro*web")
	if diff := cmp.Diff(map[string]string{"prod/web": "CONTINUOUS_SCAN", "dev/web": "MANUAL"}, frequencies()); diff != "" {
		t.Errorf("enhanced (-want +got):\n%s", diff)
	}
	settings, err := w.GetRegistryScanningConfiguration(t.Context(), &ecr.GetRegistryScanningConfigurationInput{})
	if err != nil || settings.ScanningConfiguration.ScanType != ecrtypes.ScanTypeEnhanced {
		t.Errorf("settings %+v, %v", settings, err)
	}
	w.push(`{"repository":"prod/web","tag":"1"}`)
	w.push(`{"repository":"dev/web","tag":"1"}`)
	if got := w.service.Images(""); got[0].Scan != "none" || got[1].Scan != "enhanced" {
		t.Errorf("images %+v", got)
	}
	_, err = w.StartImageScan(t.Context(), &ecr.StartImageScanInput{RepositoryName: aws.String("dev/web"), ImageId: byTag("1")})
	refused(t, err, "ValidationException")
	_, err = w.PutRegistryScanningConfiguration(t.Context(), &ecr.PutRegistryScanningConfigurationInput{
		ScanType: ecrtypes.ScanTypeBasic, Rules: []ecrtypes.RegistryScanningRule{{
			ScanFrequency: ecrtypes.ScanFrequencyContinuousScan, RepositoryFilters: []ecrtypes.ScanningRepositoryFilter{},
		}},
	})
	refused(t, err, "InvalidParameterException")
}

func TestControlSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.push(`{"repository":"orders","tag":"1","scan":"none"}`)
	w.push(`{"repository":"orders","tag":"old","scan":"enhanced","status":"SCAN_ELIGIBILITY_EXPIRED","scan_delay_ms":0}`)
	w.clock.Advance(0)
	finding := `{"name":"CVE-2099-0001","severity":"HIGH","package":"a","version":"1"}`
	for _, c := range []struct {
		path, body string
		status     int
		text       string
	}{
		{"", `{`, 400, "The body is not the JSON object that is expected here: unexpected EOF."},
		{"", `{"repository":"a"}{}`, 400, "The body goes on after its JSON object."},
		{"", `{"repo":"a"}`, 400, `The body is not the JSON object that is expected here: json: unknown field "repo".`},
		{"", `{"repository":"A b"}`, 400, `repository "A b" is not the name of one: lower-case letters and digits, with single separators between them.`},
		{"", `{"repository":"ab","tag":"<x>"}`, 400, `tag "<x>" is not one: letters, digits, dots, dashes and underscores, at most 128.`},
		{"", `{"repository":"ab","platforms":["amd64"]}`, 400, `platforms: "amd64" is not a platform such as linux/amd64, or is there twice.`},
		{"", `{"repository":"ab","scan":"deep"}`, 400, `scan "deep" is not basic, enhanced or none.`},
		{"", `{"repository":"ab","scan":"basic","status":"DONE"}`, 400, `status "DONE" is not a ScanStatus of ECR, such as COMPLETE, ACTIVE or FAILED.`},
		{"", `{"repository":"ab","status":"FAILED"}`, 400, `status needs scan, as the two engines have different ones.`},
		{"", `{"repository":"ab","scan_delay_ms":-1}`, 400, `scan_delay_ms is not between 0 and 604800000.`},
		{"", `{"repository":"ab","findings":[{"name":"C","severity":"BAD","package":"a","version":"1"}]}`, 400, `findings[0].severity "BAD" is not CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED or UNTRIAGED.`},
		{"", `{"repository":"ab","findings":[{"name":"C","severity":"LOW","version":"1"}]}`, 400, `findings[0].package has 0 characters instead of 1 to 256.`},
		{"", `{"repository":"ab","findings":[` + finding + `,` + finding + `]}`, 400, `findings[1] is there twice: CVE-2099-0001 in a 1.`},
		{"/orders/2/findings", `{}`, 404, "There is no image 2 in orders."},
		{"/nowhere/1/findings", `{}`, 404, "There is no repository nowhere."},
		{"/orders", `{}`, 404, "There is only {repository}/{digest}/findings here."},
		{"/orders/1/findings", `{"close":["CVE-1"]}`, 404, "There is no open finding CVE-1 in this image."},
		{"/orders/1/findings", `{"status":"FAILED"}`, 409, "Nothing scans this image: it has no status."},
		{"/orders/old/findings", `{"add":[` + finding + `]}`, 409, "Inspector does not watch this image: its status is SCAN_ELIGIBILITY_EXPIRED."},
	} {
		var got map[string]string
		w.post(images+c.path, c.body, c.status, &got)
		if diff := cmp.Diff(map[string]string{"error": c.text}, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.path, c.body, diff)
		}
	}
}

func TestAScanThatHangsEndsWhenToldTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	image := w.push(`{"repository":"orders","tag":"1","scan":"enhanced","status":"PENDING","findings":[{"cve":"CVE-2099-0001","severity":"HIGH","package":"a","version":"1"}]}`)
	w.clock.Advance(1e15)
	w.wantStatus("orders", image.Digest, ecrtypes.ScanStatusPending)
	var changed struct{ Images []registry.ChangedImage }
	w.post(images+"/orders/1/findings", `{"status":"ACTIVE"}`, http.StatusOK, &changed)
	out := w.wantStatus("orders", image.Digest, ecrtypes.ScanStatusActive)
	if out.ImageScanFindings.FindingSeverityCounts["HIGH"] != 1 || !changed.Images[0].Shown {
		t.Errorf("findings %+v, %+v", out.ImageScanFindings, changed)
	}
	w.sees(5) // push, coverage twice, finding, scan
	w.post(images+"/orders/1/findings", `{"status":"IMAGE_ARCHIVED"}`, http.StatusOK, &changed)
	w.sees(6)
}
