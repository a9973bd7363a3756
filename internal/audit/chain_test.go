package audit_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signalbox/signalbox/internal/audit"
)

const chain = "111122223333/eu-west-1/web-shop"

var began = time.Date(2026, 3, 10, 9, 22, 0, 123456789, time.UTC)

// full has a value in every field.
func full() audit.Entry {
	return audit.Entry{
		ID: "abcdefghijklmnopqrstuvwxyz/vote/b1", At: began, Kind: audit.VoteCounted,
		Pipeline: "web-shop", Execution: "11111111-2222-4333-8444-555555555555", Stage: "Approval", Action: "ApproveProduction",
		Request: "abcdefghijklmnopqrstuvwxyz", Attempt: "66666666-7777-4888-9999-aaaaaaaaaaaa", Environment: "production",
		Actor:    audit.Actor{Person: "dana", Name: "Dana Whitfield", Email: "dana@example.com", SlackUser: "U0DANA00001", Door: "Slack"},
		Identity: "arn:aws:sts::111122223333:assumed-role/approval/approval", Verdict: "approve", Refusal: "none",
		Reason: "Looks good <!channel> </script>", Text: "Dana Whitfield approved.", Policy: "web-shop", PolicyHash: "00ff",
		Detail: map[string]string{"votes": "1 of 2", "window": "", "é\u2028": "日本"},
	}
}

// linked makes a chain of n entries of two executions in turns.
func linked(n int) ([]audit.Entry, audit.Head) {
	head := audit.Head{Chain: chain}
	var all []audit.Entry
	for i := range n {
		e := full()
		e.ID = fmt.Sprintf("%s/%d", e.ID, i)
		e.At = e.At.Add(time.Duration(i) * time.Minute)
		if i%2 == 1 {
			e.Execution = "bbbbbbbb-2222-4333-8444-555555555555"
		}
		e, head = audit.Next(head, e)
		all = append(all, e)
	}
	return all, head
}

// TestHashIsFrozen holds the encoding still: chains that exist must go on
// verifying. The same hashes come out of the few lines of Python in
// docs/audit.md.
func TestHashIsFrozen(t *testing.T) {
	t.Parallel()
	first, head := audit.Next(audit.Head{Chain: chain}, full())
	second, _ := audit.Next(head, audit.Entry{ID: "2", At: began, Kind: audit.Healed})
	for i, want := range []struct{ hash, content, release string }{
		{"6d0ce19e14b25d201e290ca3973ac785ba7d6192ec98deb508b6d05192e59049", "75b6a7bff8abf963c502986134454d6e6d46b9b781f7695d44db6a199f3d5c3b", "242e2fff61818b10f6cd98659b8a7bd42f74ee9a26fdf59d64c2a689d013f423"},
		{"4380d23ccd33c82124437d1667b832a72f9805f8bf88e00d4f5e78106fff7c06", "d93efe250f3d1399c92f3dc151582f414c6937d2c6a7ddb54b303482aec6468c", "ff5d4c745a424f4ed12dd6b3e670d7791af5a750d683bee30c095e5d7b79e851"},
	} {
		e := []audit.Entry{first, second}[i]
		s := e.Seal()
		if e.Hash != want.hash || s.Content != want.content || s.Release != want.release {
			t.Errorf("entry %d: hash %s, content %s, release %s", i+1, e.Hash, s.Content, s.Release)
		}
	}
}

func TestNextLinksBehindTheHead(t *testing.T) {
	t.Parallel()
	e := full()
	e.Chain, e.Seq, e.Prev, e.Hash = "else", 9, "x", "y" // from an attempt that lost a race
	e, head := audit.Next(audit.Head{Chain: chain, Seq: 41, Hash: "before"}, e)
	if e.Chain != chain || e.Seq != 42 || e.Prev != "before" || len(e.Hash) != 64 {
		t.Errorf("linked as %s, %d, %s, %s", e.Chain, e.Seq, e.Prev, e.Hash)
	}
	if want := (audit.Head{Chain: chain, Seq: 42, Hash: e.Hash}); head != want || e.Head() != want {
		t.Errorf("head %+v and %+v, want %+v", head, e.Head(), want)
	}
}

func TestNextKeepsTheChainOfAnEntryWhenTheHeadHasNone(t *testing.T) {
	t.Parallel()
	e := full()
	e.Chain = audit.ChainOf("111122223333", "eu-west-1", "web-shop")
	if _, head := audit.Next(audit.Head{}, e); head.Chain != chain {
		t.Errorf("chain %q, want %q", head.Chain, chain)
	}
}

func TestAnEntryComesBackFromJSONAsItWas(t *testing.T) {
	t.Parallel()
	e := full()
	e.At = began.In(time.FixedZone("CET", 3600))
	e.Reason = "broken \xff text"
	e.Detail["key \xff"] = "value \xfe"
	e, head := audit.Next(audit.Head{Chain: chain}, e)
	raw, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var back audit.Entry
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e, back); diff != "" {
		t.Error(diff)
	}
	if got := audit.Verify([]audit.Entry{back}, &head); got != nil {
		t.Errorf("problems %v", got)
	}
}

func TestNextLeavesTheCallersEntryAlone(t *testing.T) {
	t.Parallel()
	mine := full()
	linkedOne, _ := audit.Next(audit.Head{Chain: chain}, mine)
	linkedOne.Detail["votes"] = "changed"
	if diff := cmp.Diff(full(), mine); diff != "" {
		t.Error(diff)
	}
}
