package cron

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The years that an expression may name.
const (
	firstYear = 1970
	lastYear  = 2199
)

var (
	monthNames   = strings.Fields("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")
	weekdayNames = strings.Fields("SUN MON TUE WED THU FRI SAT")
)

// A scale is the values that a field may have; names, if any, start at low.
type scale struct {
	low, high int
	names     []string
}

// A set is the values that a field names; all is *.
type set struct {
	all    bool
	values map[int]bool
}

func (s set) has(n int) bool { return s.all || s.values[n] }

// parseSet reads a list of values, ranges and steps.
func parseSet(field string, r scale) (set, error) {
	if field == "*" {
		return set{all: true}, nil
	}
	s := set{values: map[int]bool{}}
	for part := range strings.SplitSeq(field, ",") {
		if err := s.add(part, r); err != nil {
			return set{}, err
		}
	}
	return s, nil
}

// add adds a value, a range such as 9-17, or steps such as 0/15.
func (s set) add(part string, r scale) error {
	span, stepText, stepped := strings.Cut(part, "/")
	step := 1
	if stepped {
		n, err := strconv.Atoi(stepText)
		if err != nil || n < 1 || n > r.high {
			return fmt.Errorf("step %q is no number from 1 to %d", stepText, r.high)
		}
		step = n
	}
	low, high, err := r.span(span, stepped)
	if err != nil {
		return err
	}
	for n := low; n <= high; n += step {
		s.values[r.wrap(n)] = true
	}
	return nil
}

// span reads the values that part covers. A single value with a step goes on to
// the end, and a range such as FRI-MON goes round it.
func (r scale) span(part string, stepped bool) (low, high int, err error) {
	if part == "*" {
		return r.low, r.high, nil
	}
	first, last, isRange := strings.Cut(part, "-")
	if low, err = r.value(first); err != nil {
		return 0, 0, err
	}
	switch {
	case isRange:
		if high, err = r.value(last); err != nil {
			return 0, 0, err
		}
		if high < low {
			high += r.high - r.low + 1
		}
	case stepped:
		high = r.high
	default:
		high = low
	}
	return low, high, nil
}

func (r scale) wrap(n int) int { return r.low + (n-r.low)%(r.high-r.low+1) }

// value reads a number or a name.
func (r scale) value(text string) (int, error) {
	for i, name := range r.names {
		if text == name {
			return r.low + i, nil
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, errors.New("not a value of this field")
	}
	if n < r.low || n > r.high {
		return 0, fmt.Errorf("%d is not from %d to %d", n, r.low, r.high)
	}
	return n, nil
}
