package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/signalbox/signalbox/internal/secret"
)

const value = "xoxb-1234-abcd"

func TestTextRevealsItselfOnlyOnRequest(t *testing.T) {
	t.Parallel()
	text := secret.NewText(value)
	if text.Reveal() != value || text.Empty() {
		t.Errorf("Reveal() = %q, Empty() = %v", text.Reveal(), text.Empty())
	}
	if zero := (secret.Text{}); zero.Reveal() != "" || !zero.Empty() {
		t.Errorf("zero Text reveals %q, Empty() = %v", zero.Reveal(), zero.Empty())
	}
}

func TestTextDoesNotPrint(t *testing.T) {
	t.Parallel()
	text := secret.NewText(value)
	type holder struct {
		Open   secret.Text
		hidden secret.Text
		Map    map[string]secret.Text
	}
	h := holder{Open: text, hidden: text, Map: map[string]secret.Text{"k": text}}
	var printed []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		printed = append(printed, fmt.Sprintf(verb, text), fmt.Sprintf(verb, &text), fmt.Sprintf(verb, h), fmt.Sprintf(verb, &h))
	}
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "text", text, "holder", h)
	slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "text", text, "holder", h)
	encoded, err := json.Marshal([]any{h, text, map[secret.Text]int{text: 1}})
	if err != nil {
		t.Fatal(err)
	}
	printed = append(printed, logged.String(), string(encoded), fmt.Errorf("call: %v", text).Error())
	for _, p := range printed {
		if strings.Contains(p, value) || strings.Contains(strings.ToLower(p), fmt.Sprintf("%x", value)) {
			t.Errorf("printed %q", p)
		}
	}
	if got := fmt.Sprint(text); got != "[secret]" {
		t.Errorf("Sprint = %q, want [secret]", got)
	}
}
