package stack

import (
	"bytes"
	"io"
	"os"
	"regexp"
)

// complaints reads the log of our own MiniStack for functions that could not
// even start. Their last words are there only: CloudWatch Logs, where AWS puts
// them, hears nothing of such an invocation but that it took place.
type complaints struct {
	path string // empty when there is no MiniStack of ours
	at   int64  // what is before has been read
}

var complaint = regexp.MustCompile(`(?m)^.* ERROR \[lambda\] .* execution error for (\S+): (.*)$`)

// fresh returns what has been added since the last call, by function.
func (c *complaints) fresh() map[string][]string {
	file, err := os.Open(c.path)
	if err != nil {
		return nil
	}
	defer file.Close()
	added, err := io.ReadAll(io.NewSectionReader(file, c.at, 1<<62))
	if err != nil {
		return nil
	}
	whole := added[:bytes.LastIndexByte(added, '\n')+1] // the last line may still be growing
	c.at += int64(len(whole))
	said := map[string][]string{}
	for _, m := range complaint.FindAllSubmatch(whole, -1) {
		said[string(m[1])] = append(said[string(m[1])], string(m[2]))
	}
	return said
}
