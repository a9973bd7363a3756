package redrive_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/redrive"
)

const execution = `{"account":"111122223333","region":"eu-west-1","pipeline":"orders","id":"7f2d6c1e"}`

func cardAt(place string, n int) string {
	return fmt.Sprintf(`{"of":%s,"place":%q,"version":%d}`, execution, place, n)
}

// full parks cards of two channels, a digest, and something else.
func full(t *testing.T) *postOffice {
	t.Helper()
	o := open(t)
	for n := range 25 {
		o.park("channel:C1", cardAt("channel:C1", n), nil)
		if n%2 == 0 {
			o.park("channel:C2", cardAt("channel:C2", n), nil)
		}
	}
	o.park("person:U1", `{"place":"person:U1"}`, nil)
	o.park("other", `{"token":"xoxb-secret"`, nil)
	return o
}

func TestListShowsLettersAndPutsThemBack(t *testing.T) {
	t.Parallel()
	o := full(t)
	before := o.bodies()
	got, err := redrive.Cards(o.api(), letters, queue).List(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, l := range got {
		kinds[l.Kind]++
		if strings.Contains(l.About, "xoxb") {
			t.Errorf("%+v shows the body", l)
		}
	}
	// The first ten are of two groups, the rest of which is behind them.
	if want := map[string]int{"card": 10, "digest": 1, "unknown": 1}; !cmp.Equal(want, kinds) {
		t.Errorf("listed %v, want %v", kinds, want)
	}
	if first := got[0]; first.About != "orders, execution 7f2d6c1e, for channel:C1" || !first.At.Equal(start.Add(-100*time.Minute)) || first.Left != "" {
		t.Errorf("the first is %+v", first)
	}
	if last := got[len(got)-1]; last.Left == "" {
		t.Errorf("%+v can be handed out", last)
	}
	if hidden := o.hidden(); len(hidden) > 0 || !cmp.Equal(before, o.bodies()) || len(o.sent) > 0 {
		t.Errorf("%d are out of sight afterwards, %d were sent, or there are others", len(hidden), len(o.sent))
	}
}

func TestListStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	o := full(t)
	got, err := redrive.Cards(o.api(), letters, queue).List(t.Context(), 11)
	if err != nil || len(got) != 11 || len(o.hidden()) > 0 {
		t.Errorf("%d letters, %v, %d out of sight; want 11 and none", len(got), err, len(o.hidden()))
	}
}

func TestMoveKeepsTheOrderOfEachGroup(t *testing.T) {
	t.Parallel()
	o := full(t)
	r, err := redrive.Cards(o.api(), letters, queue).Move(t.Context(), start, 0)
	if err != nil {
		t.Fatal(err)
	}
	if r.Moved != 39 || len(r.Left) != 1 || r.Dropped != 0 {
		t.Errorf("%+v, want 39 moved and 1 left", r)
	}
	for group, bodies := range o.arrived() {
		for i, body := range bodies[1:] {
			if len(group) == len("channel:C1") && bodies[i] >= body && len(bodies[i]) >= len(body) {
				t.Errorf("%s: %s came before %s", group, bodies[i], body)
			}
		}
	}
	if left := o.bodies(); len(left) != 1 || len(o.hidden()) > 0 {
		t.Errorf("left are %q, out of sight %q", left, o.hidden())
	}
	if len(o.unbounded) > 0 {
		t.Errorf("without a time limit: %v", o.unbounded)
	}
}

func TestMoveStopsAtTheLimitAndAtWhatHasJustCome(t *testing.T) {
	t.Parallel()
	o := full(t)
	r, err := redrive.Cards(o.api(), letters, queue).Move(t.Context(), start, 12)
	if err != nil || r.Moved != 12 || len(o.parked) != 28 {
		t.Errorf("%+v, %v, %d left; want 12 moved", r, err, len(o.parked))
	}
	o = full(t)
	if r, err = redrive.Cards(o.api(), letters, queue).Move(t.Context(), start.Add(-95*time.Minute), 0); err != nil || r.Moved != 5 || len(o.hidden()) > 0 {
		t.Errorf("%+v, %v; want the 5 that were there", r, err)
	}
}

// TestNothingIsLostWhereverItStops fails each call once, before and after it
// has been carried out, and goes on afterwards as an operator would.
func TestNothingIsLostWhereverItStops(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"receive", "send", "delete", "show"} {
		for _, done := range []bool{false, true} {
			for nth := 1; nth <= 42; nth++ {
				o := full(t)
				want := map[string]bool{}
				for _, body := range o.bodies() {
					want[body] = !strings.Contains(body, "xoxb")
				}
				failed := false
				o.fails = func(call string, n int) (error, bool) {
					if call != name || n != nth || failed {
						return nil, true
					}
					failed = true
					return errDown, done
				}
				q := redrive.Cards(o.api(), letters, queue)
				_, err := q.Move(t.Context(), start, 0)
				if failed != (err != nil) {
					t.Fatalf("%s %d: %v", name, nth, err)
				}
				o.fails, o.now = nil, o.now.Add(time.Hour) // what could not be put back is back
				if _, err := q.Move(t.Context(), start, 0); err != nil {
					t.Fatal(err)
				}
				var all []string
				for group, bodies := range o.arrived() {
					if !slices.IsSortedFunc(bodies, byLength) {
						t.Errorf("%s %d: %s is out of order: %q", name, nth, group, bodies)
					}
					all = append(all, bodies...)
				}
				for body, moved := range want {
					if n := count(all, body); moved && n != 1 || !moved && n != 0 {
						t.Errorf("%s %d, done %v: %s arrived %d times", name, nth, done, body, n)
					}
				}
			}
		}
	}
}

func byLength(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

func count(all []string, one string) int {
	n := 0
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

func TestALetterThatWasAcceptedIsRepeatedUnderTheSameName(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.park("channel:C1", cardAt("channel:C1", 1), nil)
	o.fails = func(call string, n int) (error, bool) {
		if call == "delete" && n == 1 {
			return errDown, false
		}
		return nil, true
	}
	var ids []string
	api := o.api()
	send := api.SendMessage
	api.SendMessage = func(ctx context.Context, in *sqs.SendMessageInput, f ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
		ids = append(ids, *in.MessageDeduplicationId)
		return send(ctx, in, f...)
	}
	q := redrive.Cards(api, letters, queue)
	if r, err := q.Move(t.Context(), start, 0); !errors.Is(err, errDown) || r.Moved != 0 || !strings.Contains(err.Error(), "once more") {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := q.Move(t.Context(), start, 0); err != nil || r.Moved != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	if len(ids) != 2 || ids[0] != ids[1] || len(o.sent) != 1 {
		t.Errorf("sent as %q, kept %d times", ids, len(o.sent))
	}
}

func TestAnInterruptFinishesTheLetterInHand(t *testing.T) {
	t.Parallel()
	o := full(t)
	ctx, interrupt := context.WithCancel(t.Context())
	api := o.api()
	send := api.SendMessage
	api.SendMessage = func(ctx context.Context, in *sqs.SendMessageInput, f ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
		if len(o.sent) == 3 {
			interrupt()
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return send(ctx, in, f...)
	}
	r, err := redrive.Cards(api, letters, queue).Move(ctx, start, 0)
	if !errors.Is(err, context.Canceled) || r.Moved != 4 || len(o.sent) != 4 || len(o.parked) != 36 || len(o.hidden()) > 0 {
		t.Errorf("%+v, %v, %d sent, %d parked, %d out of sight", r, err, len(o.sent), len(o.parked), len(o.hidden()))
	}
}

func TestBacklogCountsWhatIsThereAndWhatIsOutOfSight(t *testing.T) {
	t.Parallel()
	o := full(t)
	o.parked[3].hiddenUntil = start.Add(time.Minute)
	q := redrive.Cards(o.api(), letters, queue)
	if b, err := q.Backlog(t.Context()); err != nil || b != (redrive.Backlog{Ready: 39, Hidden: 1}) {
		t.Errorf("%+v, %v", b, err)
	}
	o.fails = func(string, int) (error, bool) { return errDown, false }
	if _, err := q.Backlog(t.Context()); !errors.Is(err, errDown) {
		t.Errorf("an outage is not seen: %v", err)
	}
	if _, err := q.List(t.Context(), 0); !errors.Is(err, errDown) {
		t.Errorf("an outage is not seen: %v", err)
	}
}
