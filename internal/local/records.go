package local

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/signalbox/signalbox/internal/audit"
	"github.com/signalbox/signalbox/internal/audit/evidence"
	"github.com/signalbox/signalbox/internal/event"
	"github.com/signalbox/signalbox/internal/local/control"
	"github.com/signalbox/signalbox/internal/store"
)

// recordsControl shows the audit trail, hands out evidence packs, and has what
// was missed made up for: what `signalbox audit`, `signalbox reconcile` and the
// schedules of the template do elsewhere.
func (w *World) recordsControl() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /local/audit", w.listChains)
	mux.HandleFunc("GET /local/audit/{pipeline}", w.showChain)
	mux.HandleFunc("GET /local/audit/{pipeline}/{execution}", w.showEvidence)
	mux.HandleFunc("POST /local/reconcile", w.wake("approval", "reconciled", event.ReconcileInput))
	mux.HandleFunc("POST /local/sweep", w.wake("deliver", "swept", event.SweepInput))
	return mux
}

func (w *World) records() *store.Store {
	return store.New(store.CallsOf(dynamodb.NewFromConfig(w.Stack.AWS())), w.Stack.Output("TableName"))
}

// chainShown is what the console shows of a chain.
type chainShown struct {
	Chain    string        `json:"chain"`
	Entries  []audit.Entry `json:"entries"`
	Problems []string      `json:"problems"`
}

func (w *World) listChains(rw http.ResponseWriter, r *http.Request) {
	chains, err := w.records().Chains(r.Context())
	if err != nil {
		control.Refuse(rw, http.StatusBadGateway, "the table cannot be read: "+err.Error())
		return
	}
	if chains == nil {
		chains = []string{}
	}
	control.Answer(rw, chains)
}

// chain reads and verifies the chain of a pipeline.
func (w *World) chain(r *http.Request) (chainShown, audit.Head, error) {
	shown := chainShown{Chain: audit.ChainOf(w.Stack.Account, w.Stack.AWS().Region, r.PathValue("pipeline")), Problems: []string{}}
	records := w.records()
	head, err := records.Head(r.Context(), shown.Chain)
	if err != nil {
		return shown, head, fmt.Errorf("the table cannot be read: %w", err)
	}
	if shown.Entries, err = records.Entries(r.Context(), shown.Chain, 1); err != nil {
		return shown, head, fmt.Errorf("the table cannot be read: %w", err)
	}
	for _, p := range audit.Verify(shown.Entries, &head) {
		shown.Problems = append(shown.Problems, p.Text)
	}
	return shown, head, nil
}

func (w *World) showChain(rw http.ResponseWriter, r *http.Request) {
	shown, _, err := w.chain(r)
	switch {
	case err != nil:
		control.Refuse(rw, http.StatusBadGateway, err.Error())
	case len(shown.Entries) == 0:
		control.Refuse(rw, http.StatusNotFound, "there is no record of a pipeline "+r.PathValue("pipeline"))
	default:
		control.Answer(rw, shown)
	}
}

// showEvidence hands out the evidence pack of one release, as a page, or as
// JSON when asked with ?format=json.
func (w *World) showEvidence(rw http.ResponseWriter, r *http.Request) {
	shown, head, err := w.chain(r)
	if err != nil {
		control.Refuse(rw, http.StatusBadGateway, err.Error())
		return
	}
	pack, err := evidence.New(shown.Entries, head, evidence.About{Execution: r.PathValue("execution"), MadeAt: time.Now(), MadeBy: "the local console"})
	if errors.Is(err, evidence.ErrNoEntries) {
		control.Refuse(rw, http.StatusNotFound, "there is no record of the execution "+r.PathValue("execution"))
		return
	}
	encode, kind := pack.HTML, "text/html; charset=utf-8"
	if r.URL.Query().Get("format") == "json" {
		encode, kind = pack.JSON, "application/json"
	}
	var raw []byte
	if err == nil {
		raw, err = encode()
	}
	if err != nil {
		control.Refuse(rw, http.StatusInternalServerError, err.Error())
		return
	}
	rw.Header().Set("Content-Type", kind)
	_, _ = rw.Write(raw) // the client has gone: nobody is left to tell
}
