package codebuild

import (
	"crypto/sha256"
	"encoding/json"
	"time"
)

// A startToken is an idempotency token that a StartBuild was sent with.
type startToken struct {
	// request is the digest of that StartBuild.
	request [sha256.Size]byte
	build   *build
	at      time.Time
}

// digest tells requests apart.
func digest(members map[string]json.RawMessage) ([sha256.Size]byte, error) {
	raw, err := json.Marshal(members)
	return sha256.Sum256(raw), err
}

// repeated is the build that a StartBuild with this token has started within
// the token's life, or nil. The same token with another request is refused.
func (s *Service) repeated(token string, members map[string]json.RawMessage) (*build, error) {
	for name, t := range s.tokens {
		if s.now().Sub(t.at) >= tokenLife {
			delete(s.tokens, name)
		}
	}
	t, known := s.tokens[token]
	if !known {
		return nil, nil
	}
	request, err := digest(members)
	if err != nil {
		return nil, err
	}
	if request != t.request {
		return nil, invalid("idempotencyToken was used with other parameters")
	}
	return t.build, nil
}

func (s *Service) keepToken(token string, members map[string]json.RawMessage, b *build) {
	if request, err := digest(members); err == nil && token != "" {
		s.tokens[token] = startToken{request: request, build: b, at: s.now()}
	}
}
