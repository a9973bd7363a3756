package notice_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/calendar"
	"github.com/signalbox/signalbox/internal/notice"
)

var (
	everyDay = []calendar.Day{calendar.Mon, calendar.Tue, calendar.Wed, calendar.Thu, calendar.Fri, calendar.Sat, calendar.Sun}
	nights   = calendar.Timetable{Zone: "Europe/Berlin", Windows: []calendar.Window{{Days: everyDay, From: "20:00", To: "08:00"}}}
	office   = calendar.Timetable{
		Zone: "Europe/Berlin", Windows: []calendar.Window{{Days: everyDay[:5], From: "09:00", To: "17:00"}}, Holidays: []calendar.Date{"2026-03-10"},
	}
)

func berlin(t *testing.T, day, clock string) time.Time {
	t.Helper()
	zone, ok := calendar.Zone("Europe/Berlin")
	if !ok {
		t.Fatal("no time zones")
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestQuietHoursHushWhatIsNotUrgent(t *testing.T) {
	t.Parallel()
	failed := train(notice.StateFailed, notice.StateSucceeded, notice.StateSucceeded, notice.StateFailed)
	quiet := func(d notice.Delivery, urgent ...notice.Kind) notice.Delivery {
		d.Quiet, d.Urgent = &notice.Quiet{Hours: nights, Digest: "08:30"}, urgent
		return d
	}
	posts, direct, sink := card, card, notice.Delivery{Sink: "mail", Mode: notice.Post}
	posts.Mode = notice.Post
	direct.Channel, direct.Person, direct.Mode, direct.Direct = "", dana, notice.Post, notice.DirectFailure
	const key = "failed/1/Production/Deploy"
	tests := []struct {
		name     string
		delivery notice.Delivery
		clock    string
		want     []string
	}{
		{"by day", quiet(card), "19:59", []string{key + " ! @dana"}},
		{"by night", quiet(card), "20:00", []string{key, "held " + key}},
		{"urgent by night", quiet(card, notice.Failed), "02:00", []string{key + " ! @dana"}},
		{"something else is urgent", quiet(card, notice.Stuck), "02:00", []string{key, "held " + key}},
		{"a message by itself waits", quiet(posts), "02:00", []string{"held " + key}},
		{"so does a direct one", quiet(direct), "02:00", []string{"held " + key}},
		{"a sink is no noise", quiet(sink), "02:00", []string{"started/1", key + " !"}},
		{"without quiet hours", card, "02:00", []string{key + " ! @dana"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := teller.Plan(failed, tt.delivery, nil, berlin(t, "2026-03-09", tt.clock))
			if diff := cmp.Diff(tt.want, lines(got)); diff != "" {
				t.Errorf("says (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsHeldHasATimeForTheDigest(t *testing.T) {
	t.Parallel()
	d := notice.Delivery{Channel: "C0RELEASES", Mode: notice.Post, OncePer: []notice.Field{notice.ByStage, notice.ByBranch, notice.ByDay}, Quiet: &notice.Quiet{Outside: office}}
	night := berlin(t, "2026-03-09", "22:00")
	p := teller.Plan(notice.Release{Pipeline: "web-shop", Execution: "e1", State: notice.StateFailed}, d, nil, night)
	want := []notice.Held{{Key: "failed/1//", Place: "channel:C0RELEASES", Pipeline: "web-shop", Execution: "e1", Kind: notice.Failed, At: night}}
	if diff := cmp.Diff(want, p.Held); diff != "" || len(p.Replies) > 0 {
		t.Errorf("says %q, held (-want +got):\n%s", lines(p), diff)
	}
	var none *notice.Quiet
	if d.Quiet.Zone().String() != "Europe/Berlin" || none.Zone() != time.UTC {
		t.Errorf("zones %v and %v", d.Quiet.Zone(), none.Zone())
	}
}

func TestQuietHoursEndInADigest(t *testing.T) {
	t.Parallel()
	broken := calendar.Timetable{Zone: "Mars/Olympus", Windows: nights.Windows}
	tests := []struct {
		name       string
		quiet      *notice.Quiet
		day, clock string
		want       string // empty: not quiet
	}{
		{"none", nil, "2026-03-09", "02:00", ""},
		{"empty", &notice.Quiet{}, "2026-03-09", "02:00", ""},
		{"broken is never quiet", &notice.Quiet{Hours: broken, Outside: broken, Digest: "08:30"}, "2026-03-09", "02:00", ""},
		{"in the evening", &notice.Quiet{Hours: nights, Digest: "08:30"}, "2026-03-09", "22:00", "2026-03-10 08:30"},
		{"in the morning", &notice.Quiet{Hours: nights, Digest: "08:30"}, "2026-03-09", "07:00", "2026-03-09 08:30"},
		{"during the digest", &notice.Quiet{Hours: nights, Digest: "07:00"}, "2026-03-09", "07:00", "2026-03-10 07:00"},
		{"when they end", &notice.Quiet{Hours: nights}, "2026-03-09", "22:00", "2026-03-10 08:00"},
		{"when a day begins", &notice.Quiet{Hours: nights, Digest: "00:00"}, "2026-03-09", "22:00", "2026-03-10 00:00"},
		{"at midnight", &notice.Quiet{Hours: nights, Digest: "23:59"}, "2026-03-09", "22:00", "2026-03-09 23:59"},
		{"the night clocks go forward", &notice.Quiet{Hours: nights, Digest: "02:30"}, "2026-03-29", "01:00", "2026-03-29 03:00"},
		{"outside of work", &notice.Quiet{Outside: office}, "2026-03-09", "17:00", "2026-03-11 09:00"},
		{"at work", &notice.Quiet{Outside: office}, "2026-03-09", "16:59", ""},
		{"on a holiday", &notice.Quiet{Outside: office, Digest: "09:15"}, "2026-03-10", "12:00", "2026-03-11 09:15"},
		{"both", &notice.Quiet{Hours: nights, Outside: office}, "2026-03-09", "22:00", "2026-03-11 09:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			at := berlin(t, tt.day, tt.clock)
			got, ok := tt.quiet.DigestAt(at)
			if ok != (tt.want != "") || ok && got.In(at.Location()).Format("2006-01-02 15:04") != tt.want {
				t.Errorf("digest at %v, %v; want %q", got, ok, tt.want)
			}
		})
	}
}

func TestReleaseIsStuckWhenLateByHalf(t *testing.T) {
	t.Parallel()
	running := train(notice.StateStarted, notice.StateSucceeded, "", "")
	approved := train(notice.StateStarted, notice.StateSucceeded, notice.StateSucceeded, notice.StateStarted)
	approved.Stages[2].Actions[0].Ended = noon.Add(3 * time.Hour)
	again := train(notice.StateStarted, notice.StateStarted, "", "")
	again.Stages[1].Attempt, again.Stages[1].Began = 2, noon.Add(24*time.Hour)
	held := running
	held.Held = true
	long, unusual, waits := running, running, train(notice.StateStarted, notice.StateSucceeded, notice.StateStarted, "")
	long.Usual, unusual.Usual = 4*time.Hour, 0
	tests := []struct {
		name    string
		release notice.Release
		want    time.Duration // after noon; 0: never
	}{
		{"ten minutes at least", running, 30 * time.Minute},
		{"half of a long one", long, 6 * time.Hour},
		{"what people took does not count", approved, 3*time.Hour + 30*time.Minute},
		{"counted from the retry", again, 24*time.Hour + 30*time.Minute},
		{"nothing is usual yet", unusual, 0},
		{"waits for a person", waits, 0},
		{"held by somebody", held, 0},
		{"has failed", train(notice.StateFailed, notice.StateFailed, "", ""), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			at, ok := tt.release.StuckAt()
			if ok != (tt.want > 0) || ok && !at.Equal(noon.Add(tt.want)) {
				t.Fatalf("stuck at %v, %v; want %v after noon", at, ok, tt.want)
			}
			p := teller.Plan(tt.release, card, nil, noon.Add(100*time.Hour))
			stuck := false
			for _, r := range p.Replies {
				stuck = stuck || r.Kind == notice.Stuck && r.Broadcast
			}
			if stuck != ok {
				t.Errorf("says stuck: %v, want %v", stuck, ok)
			}
		})
	}
}
