package scheduler_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/google/go-cmp/cmp"
)

func TestListingGoesOnWhereItEnded(t *testing.T) {
	t.Parallel()
	w := run(t)
	var want []string
	for i := range 7 {
		name := fmt.Sprintf("n%d", i)
		w.create(t, input(name, sometime))
		want = append(want, name)
	}
	w.create(t, input("other", sometime))
	pages := awsscheduler.NewListSchedulesPaginator(w.client, &awsscheduler.ListSchedulesInput{
		NamePrefix: aws.String("n"), GroupName: aws.String("default"), State: types.ScheduleStateEnabled, MaxResults: aws.Int32(3),
	})
	var got []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range page.Schedules {
			got = append(got, *x.Name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("listed %q, want %q", got, want)
	}
	_, err := w.client.ListSchedules(t.Context(), &awsscheduler.ListSchedulesInput{NextToken: aws.String("%%")})
	refused(t, err, "ValidationException", "NextToken")
	_, err = w.client.ListSchedules(t.Context(), &awsscheduler.ListSchedulesInput{MaxResults: aws.Int32(101)})
	refused(t, err, "ValidationException", "100")
}

func TestGroupTakesItsSchedulesAlong(t *testing.T) {
	t.Parallel()
	w := run(t)
	name := aws.String("g")
	made, err := w.client.CreateScheduleGroup(t.Context(), &awsscheduler.CreateScheduleGroupInput{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.client.CreateScheduleGroup(t.Context(), &awsscheduler.CreateScheduleGroupInput{Name: name})
	refused(t, err, "ConflictException", "already exists")
	got, err := w.client.GetScheduleGroup(t.Context(), &awsscheduler.GetScheduleGroupInput{Name: name})
	if err != nil || *got.Arn != *made.ScheduleGroupArn || got.State != types.ScheduleGroupStateActive {
		t.Errorf("group is %v (err %v)", got, err)
	}
	in := input("x", sometime)
	in.GroupName = name
	w.create(t, in)
	all, err := w.client.ListScheduleGroups(t.Context(), &awsscheduler.ListScheduleGroupsInput{})
	if err != nil || len(all.ScheduleGroups) != 2 {
		t.Errorf("groups are %v (err %v)", all, err)
	}
	if _, err := w.client.DeleteScheduleGroup(t.Context(), &awsscheduler.DeleteScheduleGroupInput{Name: name}); err != nil {
		t.Fatal(err)
	}
	_, err = w.client.DeleteScheduleGroup(t.Context(), &awsscheduler.DeleteScheduleGroupInput{Name: name})
	refused(t, err, "ResourceNotFoundException", "does not exist")
	_, err = w.client.DeleteScheduleGroup(t.Context(), &awsscheduler.DeleteScheduleGroupInput{Name: aws.String("default")})
	refused(t, err, "ValidationException", "default")
	w.clock.Advance(24 * time.Hour)
	w.invokes(t)
	w.gone(t)
}

// listed is a schedule on /local/schedules, as far as it matters here.
type listed struct {
	Name, Group, Expression, At, Target string
	Input                               any
	Lost                                bool
}

func (w *world) control(t *testing.T, method, path string, status int) []listed {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var all []listed
	if status == http.StatusOK {
		err = json.NewDecoder(response.Body).Decode(&all)
	}
	if err != nil || response.StatusCode != status {
		t.Errorf("%s %s answered %s, %v", method, path, response.Status, err)
	}
	return all
}

// TestALostScheduleNeverRings is how the reconciler is shown to be needed.
func TestALostScheduleNeverRings(t *testing.T) {
	t.Parallel()
	w := run(t)
	w.create(t, input("lost", sometime))
	w.create(t, input("early", "at(2026-03-10T09:30:00)"))
	off := input("off", "at(2026-03-10T09:10:00)")
	off.State = types.ScheduleStateDisabled
	w.create(t, off)
	w.control(t, http.MethodPost, "/local/schedules/nobody/lose", http.StatusNotFound)
	w.control(t, http.MethodPost, "/local/schedules/lost/lose", http.StatusOK)
	got := w.control(t, http.MethodGet, "/local/schedules", http.StatusOK)
	schedule := func(name, expression, at string, lost bool) listed {
		return listed{name, "default", expression, at, function, name + " <aws.scheduler.scheduled-time>", lost}
	}
	want := []listed{
		schedule("early", "at(2026-03-10T09:30:00)", "2026-03-10T09:30:00Z", false),
		schedule("lost", sometime, "2026-03-10T10:00:00Z", true),
		schedule("off", "at(2026-03-10T09:10:00)", "", false),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schedules differ (-want +got):\n%s", diff)
	}
	w.clock.Advance(24 * time.Hour)
	w.invokes(t, "early 2026-03-10T09:30:00Z")
	w.until(t, "only the one that is off to be left", func() bool { return slices.Equal(w.names(t), []string{"off"}) })
	w.create(t, input("lost", "at(2026-03-12T00:00:00)")) // its name is free again
	w.clock.Advance(24 * time.Hour)
	w.invokes(t, "early 2026-03-10T09:30:00Z", "lost 2026-03-12T00:00:00Z")
}

// TestAdoptedSchedulesRunHereOnly: the local AWS knows only the real time.
func TestAdoptedSchedulesRunHereOnly(t *testing.T) {
	t.Parallel()
	there := run(t)
	if _, err := there.client.CreateScheduleGroup(t.Context(), &awsscheduler.CreateScheduleGroupInput{Name: aws.String("stack")}); err != nil {
		t.Fatal(err)
	}
	in := input("reconcile", "rate(1 hour)")
	in.GroupName, in.Description = aws.String("stack"), aws.String("heals")
	in.StartDate = aws.Time(start.Add(time.Minute)) // is not kept: it may have passed
	off := input("off", "rate(1 hour)")
	off.GroupName, off.State = in.GroupName, types.ScheduleStateDisabled
	there.create(t, in)
	there.create(t, off)
	there.create(t, input("foreign", "at(2026-03-12T00:00:00)")) // somebody else's
	for range 2 {                                                // the second world on the same local AWS finds it switched off
		here := run(t)
		if err := here.service.Adopt(t.Context(), there.client, "stack"); err != nil {
			t.Fatal(err)
		}
		got, err := here.client.GetSchedule(t.Context(), &awsscheduler.GetScheduleInput{Name: in.Name, GroupName: in.GroupName})
		if err != nil || *got.Description != "heals" || got.State != types.ScheduleStateEnabled || *got.Target.Input != *in.Target.Input {
			t.Errorf("adopted %+v (err %v)", got, err)
		}
		here.clock.Advance(0)
		here.invokes(t, "reconcile 2026-03-10T09:00:00Z")
		if names := here.names(t); !slices.Equal(names, []string{"off", "reconcile"}) {
			t.Errorf("adopted %q", names)
		}
	}
	there.clock.Advance(24 * time.Hour)
	there.invokes(t)
}
