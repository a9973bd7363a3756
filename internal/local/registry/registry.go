// Package registry is an ECR for one machine, with the two engines that scan
// its images: ECR's own (basic) and Amazon Inspector (enhanced). It answers the
// parts of both APIs that a release gate needs and sends the events that AWS
// puts on EventBridge.
//
// Images are manifests: they have real digests and no layers, and nothing is
// pulled or run. What a scan finds, how long it takes and how it ends is told
// when an image is pushed through Push or Control. What AWS does not document
// is chosen in assumptions.go.
package registry

import (
	"context"
	_ "embed" // for the service models
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
	"github.com/signalbox/signalbox/internal/local/codepipeline/clock"
	"github.com/signalbox/signalbox/internal/local/delivery"
)

//go:generate ../../../.venv/bin/python ../codepipeline/api/extract.py ecr/2015-09-21 ecr.json
//go:generate ../../../.venv/bin/python ../codepipeline/api/extract.py inspector2/2020-06-08 inspector2.json ListFindings ListCoverage

var (
	//go:embed ecr.json
	ecrModel []byte
	//go:embed inspector2.json
	inspectorModel []byte
)

// Options configure a Service. Account and Region are required; every other
// field has a usable zero value.
type Options struct {
	// Account has twelve digits. It is the registry's id, too.
	Account string
	Region  string
	// Clock is what scans take their time on; nil is the real time.
	Clock clock.Clock
	// Publisher takes the events, which have no ID yet; nil drops them.
	Publisher delivery.Publisher
	// Strict makes the choices that break careless clients. For one, Inspector
	// then calls an image ACTIVE a moment before it has looked at it.
	Strict bool
	// ScanDelay is how long a scan takes unless the image says otherwise; zero
	// is five seconds.
	ScanDelay time.Duration
	// Log gets what goes wrong with events; nil discards it.
	Log *slog.Logger
}

// defaultScanDelay is short so that nobody at a console waits; AWS takes half a
// minute or more (chosen).
const defaultScanDelay = 5 * time.Second

// A Service is one registry of one account in one Region. It is safe for
// concurrent use.
type Service struct {
	opts       Options
	log        *slog.Logger
	ecr        *api.Model
	inspector  *api.Model
	outbox     *delivery.Outbox[delivery.Event]
	cancel     context.CancelFunc
	background sync.WaitGroup

	mu           sync.Mutex
	closed       bool
	repositories map[string]*repository
	settings     scanSettings
	// pushes counts the images that Push made, so that no two are the same.
	pushes int
	// sequence orders images by their arrival.
	sequence int
	used     usage
}

// New starts a registry without repositories, in which nothing is scanned on
// push. It works until ctx ends or Close is called. An error means that an
// embedded service model is broken.
func New(ctx context.Context, o Options) (*Service, error) {
	ecr, err := api.ReadModel(ecrModel, invalidParameter)
	if err != nil {
		return nil, fmt.Errorf("start the local ECR: %w", err)
	}
	inspector, err := api.ReadModel(inspectorModel, api.Validation)
	if err != nil {
		return nil, fmt.Errorf("start the local Inspector: %w", err)
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.ScanDelay <= 0 {
		o.ScanDelay = defaultScanDelay
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &Service{
		opts: o, log: o.Log, ecr: ecr, inspector: inspector, cancel: cancel, outbox: newOutbox(o.Publisher, o.Log),
		repositories: map[string]*repository{}, settings: scanSettings{ScanType: scanTypeBasic, Rules: []scanRule{}},
	}
	s.background.Go(func() { s.outbox.Run(ctx) })
	return s, nil
}

// Close ends all scans and the delivery of events, and returns when that is
// done. Events not yet delivered are lost. It may be called twice.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	for _, r := range s.repositories {
		for _, im := range r.images {
			im.stopScan()
		}
	}
	s.mu.Unlock()
	s.cancel()
	s.background.Wait()
}

// Handler is both APIs at one address: ECR's JSON 1.1 at /, and the two lists of
// Inspector under their paths. Signatures are not checked.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/{$}", s.ecrHandler())
	mux.Handle("/", s.inspectorHandler())
	return mux
}

func (s *Service) now() time.Time { return s.opts.Clock.Now() }
