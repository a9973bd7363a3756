package stack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	tailPause = 500 * time.Millisecond
	// tailOverlap is how far back each look goes again: a line may turn up a
	// little after lines that are younger than it.
	tailOverlap = 5 * time.Second
	tailTimeout = 5 * time.Second
)

// A tail copies what the functions log from CloudWatch Logs to files, where
// people look for it.
type tail struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// A source is the log of one function.
type source struct {
	function string
	file     *os.File
	// seen holds the times of the lines that are in the file and may come
	// again, in milliseconds since 1970.
	seen map[string]int64
}

// follow writes the log of each function to <folder>.log in dir, until the
// tail is stopped.
func (s *Stack) follow(ctx context.Context, dir string) (*tail, error) {
	sources := make([]*source, 0, len(s.functions))
	for folder, name := range s.functions {
		file, err := os.Create(filepath.Join(dir, folder+".log"))
		if err != nil {
			return nil, fmt.Errorf("open a log for %s: %w", folder, err)
		}
		sources = append(sources, &source{function: name, file: file, seen: map[string]int64{}})
	}
	var own complaints
	if s.process != nil {
		own.path = s.process.logPath
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // it outlives the start
	t := &tail{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(t.done)
		run(ctx, s.config, sources, own)
	}()
	return t, nil
}

func run(ctx context.Context, c aws.Config, sources []*source, own complaints) {
	pause := time.NewTicker(tailPause)
	defer pause.Stop()
	for ctx.Err() == nil {
		said := own.fresh()
		for _, s := range sources {
			for _, line := range said[s.function] {
				fmt.Fprintln(s.file, line)
			}
			_ = s.copyNew(ctx, c) // the next look sees the same lines
		}
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
	}
	for _, s := range sources {
		_ = s.file.Close()
	}
}

func (t *tail) stop() {
	t.cancel()
	<-t.done
}

// A logLine is an event of FilterLogEvents.
type logLine struct {
	Stream  string `json:"logStreamName"`
	At      int64  `json:"timestamp"`
	Message string `json:"message"`
}

// copyNew appends the lines that are not in the file yet.
func (s *source) copyNew(ctx context.Context, c aws.Config) error {
	var newest int64
	for _, at := range s.seen {
		newest = max(newest, at)
	}
	lines, err := s.read(ctx, c, max(0, newest-tailOverlap.Milliseconds()))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	again := map[string]int{}
	for _, l := range lines {
		newest = max(newest, l.At)
		name := fmt.Sprintf("%s %d %s", l.Stream, l.At, l.Message)
		again[name]++ // a function may say the same twice in a millisecond
		name = fmt.Sprintf("%d %s", again[name], name)
		if _, seen := s.seen[name]; seen {
			continue
		}
		s.seen[name] = l.At
		if !strings.HasPrefix(l.Message, "START RequestId") && !strings.HasPrefix(l.Message, "END RequestId") {
			fmt.Fprintln(&out, strings.TrimRight(l.Message, "\n"))
		}
	}
	for name, at := range s.seen {
		if at < newest-tailOverlap.Milliseconds() {
			delete(s.seen, name)
		}
	}
	_, err = s.file.Write(out.Bytes())
	return err
}

// read calls FilterLogEvents. It is the one call to CloudWatch Logs there is,
// and does without the SDK's large package for it.
func (s *source) read(ctx context.Context, c aws.Config, since int64) ([]logLine, error) {
	var all []logLine
	for token := ""; ; {
		ask := map[string]any{"logGroupName": "/aws/lambda/" + s.function, "startTime": since}
		if token != "" {
			ask["nextToken"] = token
		}
		var page struct {
			Events    []logLine `json:"events"`
			NextToken string    `json:"nextToken"`
		}
		if err := call(ctx, c, "Logs_20140328.FilterLogEvents", ask, &page); err != nil {
			return nil, fmt.Errorf("read the log of %s: %w", s.function, err)
		}
		all = append(all, page.Events...)
		if token = page.NextToken; token == "" {
			return all, nil
		}
	}
}

// call sends one request of AWS's JSON protocol to CloudWatch Logs.
func call(ctx context.Context, c aws.Config, target string, ask, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, tailTimeout)
	defer cancel()
	body, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, aws.ToString(c.BaseEndpoint)+"/", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", target)
	who, err := c.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, who, request, hex.EncodeToString(sum[:]), "logs", c.Region, time.Now()); err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", target, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
