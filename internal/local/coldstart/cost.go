package coldstart

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// A Cost is what one linked package does before main begins. Unlike
// milliseconds, allocations hardly vary, so a test can hold them to a budget.
type Cost struct {
	Package       string
	Allocs, Bytes int
}

// InitCosts starts f and returns what the Go runtime's GODEBUG=inittrace=1
// says about each package that it initialises, the dearest first:
// https://pkg.go.dev/runtime#hdr-Environment_Variables
func InitCosts(ctx context.Context, f Function) ([]Cost, error) {
	var trace bytes.Buffer
	p, err := launch(ctx, f, &trace, "GODEBUG=inittrace=1")
	if err != nil {
		return nil, err
	}
	_, err = wait(ctx, p.api.polled, f.Name+" to poll")
	p.stop()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, trace.String())
	}
	return readTrace(trace.Bytes())
}

// Allocs is the sum over costs.
func Allocs(costs []Cost) int {
	sum := 0
	for _, c := range costs {
		sum += c.Allocs
	}
	return sum
}

var initLine = regexp.MustCompile(`(?m)^init (\S+) @.* (\d+) bytes, (\d+) allocs$`)

func readTrace(trace []byte) ([]Cost, error) {
	var costs []Cost
	for _, m := range initLine.FindAllSubmatch(trace, -1) {
		size, sizeErr := strconv.Atoi(string(m[2]))
		allocs, err := strconv.Atoi(string(m[3]))
		if err != nil || sizeErr != nil {
			return nil, fmt.Errorf("read the trace: %q", m[0])
		}
		costs = append(costs, Cost{Package: string(m[1]), Allocs: allocs, Bytes: size})
	}
	if len(costs) == 0 {
		return nil, fmt.Errorf("read the trace: no line about a package in %d bytes", len(trace))
	}
	slices.SortStableFunc(costs, func(a, b Cost) int { return cmp.Compare(b.Allocs, a.Allocs) })
	return costs, nil
}
