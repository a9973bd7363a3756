package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/signalbox/signalbox/internal/audit"
)

// The data in a page stands between these.
const (
	dataBegins = `<script type="application/json" id="evidence">`
	dataEnds   = `</script>`
)

// ReadPack reads a pack from either of its files, without checking it.
func ReadPack(raw []byte) (Pack, error) {
	data := raw
	if !isJSON(raw) {
		_, after, begins := bytes.Cut(raw, []byte(dataBegins))
		inside, _, ends := bytes.Cut(after, []byte(dataEnds))
		if !begins || !ends {
			return Pack{}, errors.New("this is no evidence pack: it is neither JSON nor a page with the data in it")
		}
		data = inside
	}
	var p Pack
	if err := json.Unmarshal(data, &p); err != nil {
		return Pack{}, fmt.Errorf("read the data of the evidence pack: %w", err)
	}
	return p, nil
}

func isJSON(raw []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("{")) }

// Verify checks a file, page or JSON, as far as a file can be checked alone. It
// writes the file again from the data in it, so that a change of any byte is
// found. It returns nothing when all is well; the pack is what could be read.
func Verify(raw []byte) (Pack, []audit.Problem) {
	p, err := ReadPack(raw)
	if err != nil {
		return Pack{}, []audit.Problem{{Text: "The file cannot be read: " + err.Error() + "."}}
	}
	found := p.Problems()
	write := p.HTML
	if isJSON(raw) {
		write = p.JSON
	}
	again, err := write()
	if err != nil {
		return p, append(found, audit.Problem{Text: "The file cannot be written again from its data: " + err.Error() + "."})
	}
	if at := differ(raw, again); at >= 0 {
		found = append(found, audit.Problem{Text: fmt.Sprintf(
			"The file is not what its data gives: it differs from byte %d on, in line %d.", at+1, 1+bytes.Count(raw[:at], []byte("\n")))})
	}
	return p, found
}

// differ is where a and b begin to differ, or -1.
func differ(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	return -1
}
