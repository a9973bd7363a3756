package coldstart_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/signalbox/signalbox/internal/local/coldstart"
)

// rounds of which the first is dropped: it fills the page cache.
const rounds = 41

// BenchmarkColdStart starts every function afresh, in turns, and prints how
// long they take in one table, with the bare handler as the measure. An odd
// neighbour of the machine then disturbs all of them alike.
func BenchmarkColdStart(b *testing.B) {
	functions := build(b)
	samples, disturbed := measure(b, functions)
	floor := middle(samples[coldstart.Floor])
	var table strings.Builder
	fmt.Fprintf(&table, "\nCold starts, medians of %d (exec to first poll, to first answer, processor time)\n", rounds-1)
	fmt.Fprintf(&table, "%-10s %9s %7s %9s %7s %9s %7s %8s %8s\n", "", "init", "ratio", "answer", "ratio", "cpu", "ratio", "allocs", "zip")
	for _, f := range functions {
		m := middle(samples[f.Name])
		size, err := coldstart.PackageSize(f)
		if err != nil {
			b.Fatal(err)
		}
		costs, err := coldstart.InitCosts(b.Context(), f)
		if err != nil {
			b.Fatal(err)
		}
		allocs := coldstart.Allocs(costs)
		fmt.Fprintf(&table, "%-10s %6.1f ms %6.2fx %6.1f ms %6.2fx %6.1f ms %6.2fx %8d %5.2f MB\n", f.Name,
			milli(m.Init), over(m.Init, floor.Init), milli(m.Response), over(m.Response, floor.Response),
			milli(m.CPU), over(m.CPU, floor.CPU), allocs, mega(size))
		b.Run(f.Name, func(b *testing.B) {
			// Measured above, in turns with the others.
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(milli(m.Init), "init-ms")
			b.ReportMetric(over(m.Init, floor.Init), "init-ratio")
			b.ReportMetric(milli(m.Response), "answer-ms")
			b.ReportMetric(over(m.Response, floor.Response), "answer-ratio")
			b.ReportMetric(float64(allocs), "init-allocs")
			b.ReportMetric(mega(size), "zip-MB")
		})
	}
	if all := rounds * len(functions); disturbed > all/10 {
		fmt.Fprintf(&table, "The machine was busy with something else at %d of %d starts, which lengthens the large ones more: run it again.\n", disturbed, all)
	}
	fmt.Fprintln(os.Stdout, table.String())
}

// measure starts each function once a round. It counts the starts before which
// the machine would not become calm.
func measure(b *testing.B, functions []coldstart.Function) (samples map[string][]coldstart.Sample, disturbed int) {
	b.Helper()
	samples = map[string][]coldstart.Sample{}
	for round := range rounds {
		for i := range functions {
			f := functions[(round+i)%len(functions)] // each follows each
			if !calm(b) {
				disturbed++
			}
			s, err := coldstart.Start(b.Context(), f)
			if err != nil {
				b.Fatal(err)
			}
			if round > 0 {
				samples[f.Name] = append(samples[f.Name], s)
			}
		}
	}
	return samples, disturbed
}

// calm waits for the rest of the machine to be idle, but not for long, and
// reports whether it is.
func calm(b *testing.B) bool {
	b.Helper()
	deadline := time.Now().Add(time.Second)
	for time.Now().Before(deadline) {
		before := busy(b)
		time.Sleep(50 * time.Millisecond)
		if busy(b)-before <= 1 { // a hundredth of a second, of one processor
			return true
		}
	}
	return false
}

// busy is the processor time that the machine has used, in hundredths of a
// second: see proc(5).
func busy(b *testing.B) int {
	b.Helper()
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		b.Fatal(err)
	}
	var user, nice, system int
	if _, err := fmt.Sscanf(string(stat), "cpu %d %d %d", &user, &nice, &system); err != nil {
		b.Fatal(err)
	}
	return user + nice + system
}

// middle takes the median of each measure by itself.
func middle(samples []coldstart.Sample) coldstart.Sample {
	of := func(measure func(coldstart.Sample) time.Duration) time.Duration {
		var all []time.Duration
		for _, s := range samples {
			all = append(all, measure(s))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return coldstart.Sample{
		Init:     of(func(s coldstart.Sample) time.Duration { return s.Init }),
		Response: of(func(s coldstart.Sample) time.Duration { return s.Response }),
		CPU:      of(func(s coldstart.Sample) time.Duration { return s.CPU }),
	}
}

func milli(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

func over(d, floor time.Duration) float64 { return float64(d) / float64(floor) }
