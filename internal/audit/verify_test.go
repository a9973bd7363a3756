package audit_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/audit"
)

func TestAWholeChainVerifies(t *testing.T) {
	t.Parallel()
	for n := range 6 {
		entries, head := linked(n)
		if got := audit.Verify(entries, &head); got != nil {
			t.Errorf("%d entries: %v", n, got)
		}
		if got := audit.Verify(entries, nil); got != nil {
			t.Errorf("%d entries without a head: %v", n, got)
		}
	}
}

func TestEachProblemIsASentenceAboutAnEntry(t *testing.T) {
	t.Parallel()
	foreign, _ := audit.Next(audit.Head{Chain: "1/x/other", Seq: 2}, full())
	tests := []struct {
		name   string
		change func([]audit.Entry) []audit.Entry
		want   []string
	}{
		{"a changed word", func(e []audit.Entry) []audit.Entry { e[2].Reason = "fine"; return e }, []string{"Entry 3 has been changed: its contents do not match its hash."}},
		{"a changed number", func(e []audit.Entry) []audit.Entry { e[2].Seq = 300; return e }, []string{"Entry 300 has been changed: its contents do not match its hash."}},
		{"one removed", func(e []audit.Entry) []audit.Entry { return slices.Delete(e, 2, 3) }, []string{"Entry 3 is missing, after entry 2."}},
		{"several removed", func(e []audit.Entry) []audit.Entry { return slices.Delete(e, 1, 4) }, []string{"Entries 2 to 4 are missing, after entry 1."}},
		{"the first removed", func(e []audit.Entry) []audit.Entry { return e[1:] }, []string{"Entry 1 is missing, after the beginning."}},
		{"the last removed", func(e []audit.Entry) []audit.Entry { return e[:5] }, []string{"The end is cut off: entry 6 is missing."}},
		{"all removed", func([]audit.Entry) []audit.Entry { return nil }, []string{"The end is cut off: entries 1 to 6 are missing."}},
		{"two swapped", func(e []audit.Entry) []audit.Entry { e[1], e[2] = e[2], e[1]; return e }, []string{
			"Entry 2 is missing, after entry 1.", "Entry 2 is out of order: it comes after entry 3.",
		}},
		{"one twice", func(e []audit.Entry) []audit.Entry { return slices.Insert(e, 3, e[2]) }, []string{"Entry 3 is there twice."}},
		{"one of another chain", func(e []audit.Entry) []audit.Entry { return slices.Insert(e, 2, foreign) }, []string{`Entry 3 is not of this chain but of "1/x/other".`}},
		{"another history in its place", func(e []audit.Entry) []audit.Entry {
			other := full()
			other.ID, other.Verdict = e[2].ID, "reject"
			e[2], _ = audit.Next(e[1].Head(), other)
			return e
		}, []string{"Entry 4 does not continue entry 3: it names another hash as the one before."}},
		{"another end", func(e []audit.Entry) []audit.Entry {
			other := full()
			other.Verdict = "reject"
			e[5], _ = audit.Next(e[4].Head(), other)
			return e
		}, []string{"The head of the chain names another hash for entry 6 than the entry has."}},
		{"one more", func(e []audit.Entry) []audit.Entry {
			more := full()
			more.ID = e[3].ID
			more, _ = audit.Next(e[5].Head(), more)
			return append(e, more)
		}, []string{`Entry 7 repeats what entry 4 has recorded, "` + full().ID + `/3".`, "Entry 7 lies beyond the head of the chain, which is 6."}},
	}
	for _, tt := range tests {
		entries, head := linked(6)
		var got []string
		for _, p := range audit.Verify(tt.change(entries), &head) {
			got = append(got, p.String())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// TestEveryChangeOfAnyFieldIsFound goes through the fields by reflection, so
// that a field that the hash forgets cannot be added.
func TestEveryChangeOfAnyFieldIsFound(t *testing.T) {
	t.Parallel()
	const length = 3
	for i := range length {
		changes := 0
		entries, head := linked(length)
		eachChange(reflect.ValueOf(&entries[i]).Elem(), func(what string) {
			changes++
			if audit.Verify(entries, &head) == nil {
				t.Errorf("entry %d with another %s verifies", i+1, what)
			}
		})
		if got := audit.Verify(entries, &head); got != nil || changes < 500 {
			t.Errorf("after %d changes, all taken back: %v", changes, got)
		}
	}
}

// eachChange calls found with one byte or value below v changed at a time.
func eachChange(v reflect.Value, found func(what string)) {
	set := func(to reflect.Value, what string) {
		old := reflect.ValueOf(v.Interface())
		v.Set(to)
		found(what)
		v.Set(old)
	}
	switch x := v.Interface().(type) {
	case time.Time:
		set(reflect.ValueOf(x.Add(1)), "nanosecond")
		set(reflect.ValueOf(x.In(time.FixedZone("", 3600))), "zone")
		return
	case map[string]string:
		for key := range x {
			less, renamed, altered := cloned(x), cloned(x), cloned(x)
			delete(less, key)
			delete(renamed, key)
			renamed[key+"x"] = x[key]
			altered[key] += "x"
			set(reflect.ValueOf(less), "detail removed")
			set(reflect.ValueOf(renamed), "detail renamed")
			set(reflect.ValueOf(altered), "detail changed")
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachChange(v.Field(i), func(what string) { found(v.Type().Field(i).Name + " " + what) })
		}
	case reflect.String:
		s := v.String()
		for i := range len(s) {
			set(reflect.ValueOf(s[:i]+string(s[i]^1)+s[i+1:]).Convert(v.Type()), "byte")
			set(reflect.ValueOf(s[:i]+s[i+1:]).Convert(v.Type()), "length")
		}
		set(reflect.ValueOf(s+"x").Convert(v.Type()), "end")
	case reflect.Int64:
		set(reflect.ValueOf(v.Int()+1), "number")
		set(reflect.ValueOf(v.Int()-1), "number")
	}
}

func cloned(m map[string]string) map[string]string {
	c := map[string]string{}
	for k, v := range m {
		c[k] = v
	}
	return c
}

// TestEveryRearrangementIsFound removes, repeats and swaps every entry.
func TestEveryRearrangementIsFound(t *testing.T) {
	t.Parallel()
	const n = 7
	whole, head := linked(n)
	check := func(what string, changed []audit.Entry) {
		if audit.Verify(changed, &head) == nil {
			t.Errorf("%s verifies", what)
		}
	}
	for i := range n {
		check("removal", slices.Delete(slices.Clone(whole), i, i+1))
		for j := range n {
			check("repetition", slices.Insert(slices.Clone(whole), j, whole[i]))
			moved := slices.Clone(whole)
			moved[i], moved[j] = moved[j], moved[i]
			if i != j {
				check("swap", moved)
				moved[j] = moved[i]
				check("replacement", moved)
			}
		}
	}
}

// TestFieldsDoNotRunIntoEachOther moves text from one field to the next.
func TestFieldsDoNotRunIntoEachOther(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range []audit.Entry{
		{Stage: "ab", Action: "c"},
		{Stage: "a", Action: "bc"},
		{Stage: "abc"},
		{Action: "abc"},
		{Detail: map[string]string{"a": "b"}},
		{Detail: map[string]string{"ab": ""}},
		{Detail: map[string]string{"action": "abc"}},
		{Detail: map[string]string{"a": "b", "c": ""}},
	} {
		hash := e.Seal().Content
		if seen[hash] {
			t.Errorf("%+v has the hash of another", e)
		}
		seen[hash] = true
	}
}
